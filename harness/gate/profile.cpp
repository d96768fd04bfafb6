#include "harness/gate/profile.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/file.h"
#include "harness/config/reader.h"
#include "harness/gate/keys.h"

namespace exitgate::gate {

namespace {

std::vector<SelectionEntry> entries(const config::Reader& read, const yaml::Node& node, const char* what) {
  std::vector<SelectionEntry> all;
  for (const auto& one : read.list(node, what))
    all.push_back({read.string(one, "a gate or a label"), read.where(one)});
  if (all.empty()) read.fail(node, fmt::format("{} names nothing", what));
  return all;
}

std::vector<std::pair<std::string, yaml::Node>> by_gate(const config::Reader& read, const yaml::Node& root,
                                                        const char* key) {
  std::vector<std::pair<std::string, yaml::Node>> all;
  const auto* given = root.find(key);
  if (given == nullptr) return all;
  if (!given->is_mapping()) read.fail(*given, fmt::format("'{}' must be a mapping from gates", key));
  for (const auto& [gate, value] : given->entries) all.emplace_back(gate.text, value);
  return all;
}

}  // namespace

Profile read_profile(const std::filesystem::path& file) {
  Profile profile;
  profile.file = file.string();
  profile.content = read_file(file);
  const config::Reader read(profile.file);
  const auto root = read.parse(profile.content);
  read.mapping(root, kProfile);
  const auto& name = read.required(root, "a profile", "profile");
  profile.name = read.string(name, "'profile'");
  if (profile.name != file.stem().string())
    read.fail(name, fmt::format("the profile's name must be that of its file, '{}'", file.stem().string()));
  profile.title = read.string(read.required(root, "a profile", "title"), "'title'");
  if (const auto* gates = root.find("gates")) profile.gates.only = entries(read, *gates, "'gates'");
  if (const auto* except = root.find("except")) profile.gates.except = entries(read, *except, "'except'");
  profile.gates.where = read.where(root);
  profile.parameters = by_gate(read, root, "parameters");
  profile.labels = by_gate(read, root, "labels");
  return profile;
}

std::vector<std::string> profile_names(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (std::filesystem::directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
    if (at->path().extension() == ".yaml") names.push_back(at->path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace exitgate::gate
