// Any text is a GitLab configuration or has a problem, also when its include is the text itself; its
// conditions and durations are read without an end in between.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/ci/gitlab/duration.h"
#include "harness/collect/ci/gitlab/provider.h"
#include "harness/collect/ci/gitlab/rules.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace ci = exitgate::collect::ci;
  if (size > 1U << 14) return 0;
  const std::string text(reinterpret_cast<const char*>(data), size);
  ci::gitlab::condition_holds(text);
  if (const auto days = ci::gitlab::days_of(text); days && *days < 0) __builtin_trap();
  // The first file, and another for whatever it includes: the second half of the text.
  ci::Source source;
  source.read = [&](const std::string& path) -> std::optional<std::string> {
    if (path == ci::gitlab::kConfiguration) return text;
    return path.size() % 3 == 0 ? std::nullopt : std::optional(text.substr(size / 2));
  };
  source.find = [](const std::string&) { return std::vector<std::string>{"a.yml", "bb.yml"}; };
  ci::Model model;
  ci::CallChains chains;
  ci::gitlab::provider().complete(source, model, chains);
  if (model.workflows.empty()) __builtin_trap();
  return 0;
}
