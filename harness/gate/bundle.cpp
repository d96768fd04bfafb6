#include "harness/gate/bundle.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::gate {

namespace {

void check_path(const config::Reader& read, const yaml::Node& at, const std::string& path) {
  const auto parts = split(path, '/');
  const bool leads_out = path.front() == '/' || std::find(parts.begin(), parts.end(), "..") != parts.end();
  if (leads_out) {
    read.fail(at, fmt::format("the bundle path '{}' leads out of the archive", path),
              "write it as it is under data/ in the archive: logs/migration.log");
  }
  if (std::find(kMembers.begin(), kMembers.end(), parts.front()) == kMembers.end()) {
    const std::vector<std::string> known(kMembers.begin(), kMembers.end());
    read.fail(at,
              fmt::format("the bundle path '{}' cannot be in an archive: a run has no '{}'{}", path,
                          parts.front(), did_you_mean(parts.front(), known)),
              fmt::format("a run has {}", join(known, ", ")));
  }
}

}  // namespace

std::vector<BundlePart> read_bundle(const config::Reader& read, const yaml::Node& node,
                                    const std::string& exit_gate, const std::string& gate) {
  std::vector<BundlePart> bundle;
  for (const auto& item : read.list(node, "'bundle'")) {
    BundlePart part{read.string(item, "a bundle path"), gate, exit_gate, read.where(item)};
    check_path(read, item, part.path);
    bundle.push_back(std::move(part));
  }
  return bundle;
}

Json to_json(const std::vector<BundlePart>& bundle) {
  auto parts = Json::array();
  for (const auto& part : bundle) {
    parts.push_back(
        {{"path", part.path}, {"gate", part.gate}, {"exit-gate", part.exit_gate}, {"where", part.where}});
  }
  return parts;
}

std::vector<BundlePart> bundle_from_json(const Json& json) {
  std::vector<BundlePart> bundle;
  try {
    for (const auto& part : json) {
      bundle.push_back({part.at("path").text(), part.at("gate").text(), part.at("exit-gate").text(),
                        part.at("where").text()});
    }
  } catch (const JsonError& error) {
    throw Undecided(fmt::format("suite/bundle.json: {}", error.what()));
  }
  return bundle;
}

}  // namespace exitgate::gate
