#include <fmt/core.h>

#include <optional>

#include "harness/base/error.h"
#include "harness/registry/suite_artifact.h"
#include "harness/suites/tree.h"

namespace exitgate::suites {

namespace {

class OciTree : public Tree {
 public:
  OciTree(registry::SuiteReference reference, ObjectCache cache)
      : reference_(std::move(reference)), cache_(std::move(cache)) {}

  Kind kind(const std::string& path) override {
    if (path.empty() || !names(path).empty()) return Kind::folder;
    return files().contains(path) ? Kind::file : Kind::nothing;
  }
  std::string content(const std::string& file) override { return files().at(file); }
  std::vector<std::string> names(const std::string& folder) override {
    const std::string before = folder.empty() ? "" : folder + "/";
    std::vector<std::string> all;
    for (const auto& [path, content] : files()) {
      if (path.starts_with(before) && path.find('/', before.size()) == std::string::npos)
        all.push_back(path.substr(before.size()));
    }
    return all;
  }
  std::string shown(const std::string& path) const override {
    return fmt::format("{}:{}", reference_.text.substr(0, reference_.text.size() - 52), path);
  }
  std::string origin(const std::string& path) const override {
    return fmt::format("{}:{}", reference_.text, path);
  }
  std::string sealed(const std::string& path) const override {
    return fmt::format("included/oci-{}/{}", reference_.sha256, path);
  }

 private:
  const registry::SuiteFiles& files() {
    if (files_) return *files_;
    if (auto known = cache_.blob(reference_.sha256)) {
      if (const auto layer = cache_.blob(registry::layer_of_suite(*known)))
        return files_.emplace(registry::unpack_suite(*layer));
    }
    // A layout in a folder of this machine is fetched from nowhere.
    if (!reference_.text.starts_with("oci:")) require_online(reference_.text);
    const auto fetched = registry::fetch_suite(reference_);
    cache_.keep_blob(reference_.sha256, fetched.manifest);
    cache_.keep_blob(registry::layer_of_suite(fetched.manifest), fetched.layer);
    return files_.emplace(registry::unpack_suite(fetched.layer));
  }

  registry::SuiteReference reference_;
  ObjectCache cache_;
  std::optional<registry::SuiteFiles> files_;
};

}  // namespace

std::unique_ptr<Tree> oci_tree(const std::string& reference, ObjectCache cache) {
  return std::make_unique<OciTree>(registry::parse_suite_reference(reference), std::move(cache));
}

}  // namespace exitgate::suites
