#include "harness/collect/ci/gitlab/include.h"

#include <fmt/core.h>

#include <optional>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::string_view kKinds[] = {"local", "project", "remote", "template", "component", "artifact"};

bool has_yaml_name(std::string_view path) {
  const std::string name = lower(path.substr(path.rfind('/') + 1));
  return name.size() > 4 && (name.ends_with(".yml") || (name.ends_with(".yaml") && name.size() > 5));
}

bool has_file(const yaml::Node& include) {
  const yaml::Node* file = include.find("file");
  return file != nullptr && !is_blank(*file);
}

class Reader {
 public:
  Reader(const Source& commit, Refusals& refusals) : commit_(commit), refusals_(refusals) {}

  void add(const yaml::Node& one) {
    if (is_unknown(one)) {
      all_.push_back({.at = &one, .unknown = "includes what is known only then: its jobs are not known"});
    } else if (one.is_sequence()) {
      for (const auto& item : one.items) add(item);
    } else if (one.is_mapping()) {
      add_mapping(one);
    } else if (is_string(one)) {
      if (one.text.find("://") != std::string::npos) {
        add_unknown(one, "remote", one.text);
      } else {
        add_local(one, one.text);
      }
    } else if (!one.is_null()) {
      refuse(one, "an include is neither a string nor a mapping");
    }
  }

  std::vector<Include> take() { return std::move(all_); }

 private:
  void refuse(const yaml::Node& at, std::string reason) {
    refusals_.push_back({place_of(at), std::move(reason)});
  }

  void add_mapping(const yaml::Node& one) {
    std::vector<std::string_view> kinds;
    for (const std::string_view kind : kKinds) {
      const yaml::Node* value = one.find(kind);
      if (value != nullptr && !is_blank(*value) && !(kind == "project" && !has_file(one)))
        kinds.push_back(kind);
    }
    if (kinds.empty() && one.find("project") != nullptr)
      return refuse(one, "an include of a project does not say which 'file'");
    if (kinds.empty())
      return refuse(one,
                    "an include names nothing: it takes one of 'local', 'project', 'remote', 'template', "
                    "'component', 'artifact'");
    if (kinds.size() > 1)
      return refuse(one, fmt::format("an include has both '{}' and '{}'", kinds[0], kinds[1]));
    const yaml::Node& value = *one.find(kinds[0]);
    const auto name = text_of(&value);
    if (kinds[0] == "local" && name) return add_local(one, *name);
    if (kinds[0] == "local") return refuse(value, "an include of a local file is not a string");
    add_unknown(one, kinds[0], name.value_or(""));
  }

  void add_unknown(const yaml::Node& one, std::string_view kind, const std::string& name) {
    all_.push_back(
        {.at = &one,
         .unknown = fmt::format(
             "includes the {} '{}', which is not in this repository: its jobs are not known", kind, name),
         .inputs = one.find("inputs"),
         .rules = one.find("rules")});
  }

  void add_local(const yaml::Node& one, std::string path) {
    Include found{.at = &one, .inputs = one.find("inputs"), .rules = one.find("rules")};
    while (path.starts_with('/')) path.erase(0, 1);
    if (path.find('$') != std::string::npos) {
      found.unknown =
          fmt::format("includes '{}', whose name is known only then: its jobs are not known", path);
      all_.push_back(std::move(found));
    } else if (path.find('*') != std::string::npos) {
      found.wildcard = true;
      for (auto& name : commit_.find("*")) {
        if (!matches_wildcard(path, name)) continue;
        found.path = std::move(name);
        all_.push_back(found);
      }
    } else if (!has_yaml_name(path)) {
      refuse(one, fmt::format("the included file '{}' does not have a YAML extension", path));
    } else {
      found.path = std::move(path);
      all_.push_back(std::move(found));
    }
  }

  const Source& commit_;
  Refusals& refusals_;
  std::vector<Include> all_;
};

}  // namespace

std::vector<Include> includes_of(const yaml::Node& include, const Source& commit, Refusals& refusals) {
  Reader reader(commit, refusals);
  reader.add(include);
  return reader.take();
}

bool matches_wildcard(std::string_view pattern, std::string_view path) {
  // By position in the pattern, which positions of the path it can have come to.
  std::vector<bool> reached(path.size() + 1, false);
  reached[0] = true;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    std::vector<bool> next(path.size() + 1, false);
    const bool deep = pattern.substr(at).starts_with("**");
    bool open = false;
    for (std::size_t i = 0; i <= path.size(); ++i) {
      if (pattern[at] == '*') {
        open = open || reached[i];
        next[i] = open;
        if (!deep && i < path.size() && path[i] == '/') open = false;
      } else if (i > 0) {
        next[i] = reached[i - 1] && path[i - 1] == pattern[at];
      }
    }
    if (deep) ++at;
    reached.swap(next);
  }
  return reached[path.size()];
}

}  // namespace exitgate::collect::ci::gitlab
