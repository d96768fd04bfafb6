#include "harness/collect/ci/gitlab/include.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/base/text.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

// Whether a document begins here: `---` and white space.
bool at_marker(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

}  // namespace

std::vector<Include> includes_of(const yaml::Node& include, const Source& commit) {
  std::vector<Include> all;
  const auto add_path = [&](const yaml::Node& one, std::string path) {
    Include found{.at = &one, .inputs = one.find("inputs"), .rules = one.find("rules")};
    while (path.starts_with('/')) path.erase(0, 1);
    if (path.find('$') != std::string::npos) {
      found.unknown =
          fmt::format("includes '{}', whose name is known only then: its jobs are not known", path);
      all.push_back(std::move(found));
    } else if (path.find('*') == std::string::npos) {
      found.path = std::move(path);
      all.push_back(std::move(found));
    } else {
      for (auto& name : commit.find(path)) {
        found.path = std::move(name);
        all.push_back(found);
      }
    }
  };
  const auto add = [&](const yaml::Node& one) {
    if (const auto path = text_of(&one); path && path->find("://") == std::string::npos)
      return add_path(one, *path);
    if (const auto local = text_of(one.find("local"))) return add_path(one, *local);
    Include unknown{.at = &one, .rules = one.find("rules")};
    unknown.unknown = "includes what is not in this repository: its jobs are not known";
    for (const char* kind : {"template", "component", "project", "remote", "artifact"}) {
      if (const auto name = text_of(one.find(kind))) {
        unknown.unknown = fmt::format(
            "includes the {} '{}', which is not in this repository: its jobs are not known", kind, *name);
      }
    }
    all.push_back(std::move(unknown));
  };
  if (include.is_sequence()) {
    for (const auto& item : include.items) add(item);
  } else if (!include.is_null()) {
    add(include);
  }
  return all;
}

Text split_header(std::string_view text) {
  Text parts;
  bool header = false;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (header && at_marker(line)) {
      parts.header = text.substr(0, begin);
      parts.body.assign(static_cast<std::size_t>(std::count(parts.header.begin(), parts.header.end(), '\n')),
                        '\n');
      parts.body += text.substr(begin);
      return parts;
    }
    const bool content =
        !trim(line).empty() && !line.starts_with('#') && !at_marker(line) && !line.starts_with('%');
    if (content && !header && !line.starts_with("spec:")) break;
    header = header || content;
    begin = end + 1;
  }
  parts.body = text;
  return parts;
}

std::string put_inputs(std::string_view text, const yaml::Node& header, const yaml::Node* given) {
  constexpr std::string_view kOpen = "$[[";
  constexpr std::size_t kMostBytes = 2U << 20;  // more than is read in the end
  const yaml::Node* spec = header.find("spec");
  const yaml::Node* declared = spec == nullptr ? nullptr : spec->find("inputs");
  const auto value_of = [&](std::string_view name) -> std::optional<std::string> {
    const yaml::Node* own = given == nullptr ? nullptr : given->find(name);
    if (own != nullptr) return text_of(own);
    const yaml::Node* input = declared == nullptr ? nullptr : declared->find(name);
    return input == nullptr ? std::nullopt : text_of(input->find("default"));
  };
  std::string all;
  while (true) {
    const std::size_t open = text.find(kOpen);
    const std::size_t close = open == std::string_view::npos ? open : text.find("]]", open);
    all += text.substr(0, open);
    if (open == std::string_view::npos || all.size() > kMostBytes) return all;
    if (close == std::string_view::npos) return all += text.substr(open);
    std::string_view name = trim(text.substr(open + kOpen.size(), close - open - kOpen.size()));
    constexpr std::string_view kInputs = "inputs.";
    const auto value = name.starts_with(kInputs) ? value_of(name.substr(kInputs.size())) : std::nullopt;
    // A string of several lines would move all that follows.
    if (value && value->find('\n') == std::string::npos) {
      all += *value;
    } else {
      all += text.substr(open, close + 2 - open);
    }
    text.remove_prefix(close + 2);
  }
}

}  // namespace exitgate::collect::ci::gitlab
