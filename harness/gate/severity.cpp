#include "harness/gate/severity.h"

#include <fmt/core.h>

#include "harness/base/text.h"

namespace exitgate::gate {

verdict::Severity severity_at(const config::Reader& read, const yaml::Node& node) {
  const auto name = read.string(node, "'severity'");
  const auto severity = verdict::severity_of(name);
  if (!severity) {
    read.fail(node,
              fmt::format("unknown severity '{}'{}", name,
                          did_you_mean(name, std::vector<std::string>{"error", "warning", "note"})),
              "write error, warning or note");
  }
  return *severity;
}

}  // namespace exitgate::gate
