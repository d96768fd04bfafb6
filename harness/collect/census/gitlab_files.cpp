#include "harness/collect/census/gitlab_files.h"

#include <algorithm>
#include <deque>

#include "harness/base/text.h"
#include "harness/collect/census/yaml_lines.h"

namespace exitgate::collect::census {

namespace {

constexpr std::size_t kMostFiles = 300;
constexpr std::string_view kRoot = ".gitlab-ci.yml";

// Names of jobs may have spaces and colons: "test: unit".
std::optional<KeyBlock> key_at_margin(std::string_view line) {
  const auto code = code_of(line);
  if (code.empty() || code == "---" || code == "..." || code.starts_with('%')) return std::nullopt;
  std::size_t colon = std::string_view::npos;
  if (code.front() == '"' || code.front() == '\'') {
    const auto quote = code.find(code.front(), 1);
    if (quote != std::string_view::npos) colon = code.find(':', quote);
  } else {
    for (colon = code.find(':'); colon != std::string_view::npos; colon = code.find(':', colon + 1)) {
      if (colon + 1 == code.size() || code[colon + 1] == ' ') break;
    }
  }
  if (colon == std::string_view::npos) return std::nullopt;
  KeyBlock block;
  block.key = std::string(unquoted(code.substr(0, colon)));
  block.value = std::string(trim(code.substr(colon + 1)));
  return block;
}

// Takes "&name" away from the beginning, and returns the name.
std::string take_anchor(std::string& value) {
  if (!value.starts_with('&')) return "";
  const auto end = value.find(' ');
  std::string name = value.substr(1, end == std::string::npos ? end : end - 1);
  value = end == std::string::npos ? "" : std::string(trim(std::string_view(value).substr(end)));
  return name;
}

void read_keys(GitlabFile& file) {
  const Lines lines(file.text);
  file.is_string.assign(static_cast<std::size_t>(lines.count()) + 1, false);
  std::optional<int> scalar;  // what is indented further is a text
  int child_indent = -1;
  int last = 0;  // line that is not blank
  const auto end_child = [&] {
    if (!file.keys.empty() && !file.keys.back().keys.empty() && file.keys.back().keys.back().last == 0)
      file.keys.back().keys.back().last = last;
  };
  for (int line = 1; line <= lines.count(); ++line) {
    if (lines.is_blank(line)) continue;
    const int indent = lines.indent(line);
    if (scalar && indent > *scalar) {
      file.is_string[static_cast<std::size_t>(line)] = true;
      last = line;
      continue;
    }
    scalar.reset();
    if (lines.trimmed(line).starts_with('#')) continue;
    const Entry entry = entry_of(lines.at(line), indent);
    std::string value(entry.value);
    if (indent == 0 && !entry.dash) {
      end_child();
      if (!file.keys.empty()) file.keys.back().block.last = last;
      child_indent = -1;
      if (auto block = key_at_margin(lines.at(line))) {
        MarginKey& key = file.keys.emplace_back();
        key.block = std::move(*block);
        key.block.line = line;
        key.anchor = take_anchor(key.block.value);
        value = key.block.value;
      }
    } else if (!file.keys.empty()) {
      MarginKey& top = file.keys.back();
      if (child_indent < 0) {
        child_indent = indent;
        top.is_list = entry.dash;
      }
      if (indent == child_indent && !entry.dash && !top.is_list) {
        end_child();
        if (!entry.key.empty()) {
          take_anchor(value);
          top.keys.push_back({std::string(entry.key), value, line, 0});
        }
      }
    }
    last = line;
    if (begins_scalar(value)) scalar = entry.key.empty() && entry.dash ? indent : entry.column;
  }
  end_child();
  if (!file.keys.empty()) file.keys.back().block.last = last;
}

struct Named {
  std::string path;
  bool conditional = false;
};

// The files that the lines of an `include:` name.
class Includes {
 public:
  explicit Includes(const std::vector<std::string>& paths) : paths_(paths) {}

  void read(const GitlabFile& file) {
    const Lines lines(file.text);
    for (const MarginKey& key : file.keys) {
      if (key.block.key == "include") {
        add(key.block.value, file.conditional);
        read(lines, key.block.line + 1, key.block.last, file.conditional);
      } else if (const KeyBlock* trigger = key.key("trigger")) {
        read_trigger(lines, *trigger, file.conditional);
      }
    }
  }

  std::vector<Named> take() { return std::move(all_); }

 private:
  void read_trigger(const Lines& lines, const KeyBlock& trigger, bool conditional) {
    const auto include = trigger.value.find("include:");
    if (include != std::string::npos)
      add(trim(std::string_view(trigger.value).substr(include + 8)), conditional);
    for (int line = trigger.line + 1; line <= trigger.last; ++line) {
      if (lines.is_blank(line)) continue;
      const int indent = lines.indent(line);
      const Entry entry = entry_of(lines.at(line), indent);
      if (entry.key != "include") continue;
      add(entry.value, conditional);
      int end = line;
      while (end < trigger.last &&
             (lines.is_blank(end + 1) || lines.indent(end + 1) > indent ||
              (lines.indent(end + 1) == indent && lines.trimmed(end + 1).starts_with('-'))))
        ++end;
      read(lines, line + 1, end, conditional);
      return;
    }
  }

  // Entries, each from a dash to the next; all lines where there is none.
  void read(const Lines& lines, int first, int last, bool conditional) {
    int begin = first;
    int dash = -1;
    const auto end_entry = [&](int end) {
      bool by_rules = conditional;
      std::vector<std::string> names;
      for (int line = begin; line < end; ++line) {
        if (lines.is_blank(line) || lines.trimmed(line).starts_with('#')) continue;
        const Entry entry = entry_of(lines.at(line), lines.indent(line));
        if (entry.key == "rules") by_rules = true;
        if (entry.key == "local" || (entry.dash && entry.key.empty() && line == begin))
          names.emplace_back(entry.value);
      }
      for (const auto& name : names) add(name, by_rules);
    };
    for (int line = first; line <= last; ++line) {
      if (lines.is_blank(line) || !lines.trimmed(line).starts_with("- ")) continue;
      if (dash < 0) dash = lines.indent(line);
      if (lines.indent(line) != dash) continue;
      end_entry(line);
      begin = line;
    }
    end_entry(last + 1);
  }

  // A path, or a list or mapping within one line.
  void add(std::string_view value, bool conditional) {
    value = trim(value);
    if (value.starts_with('[')) {
      if (value.find("local:") != std::string_view::npos || value.find('{') != std::string_view::npos) {
        for (auto at = value.find("local:"); at != std::string_view::npos; at = value.find("local:", at + 1))
          add_path(value.substr(at + 6), conditional || value.find("rules:") != std::string_view::npos);
        return;
      }
      for (const auto& one : split(value.substr(1, value.find(']') - 1), ',')) add_path(one, conditional);
    } else if (value.starts_with('{')) {
      const auto at = value.find("local:");
      if (at != std::string_view::npos)
        add_path(value.substr(at + 6), conditional || value.find("rules:") != std::string_view::npos);
    } else {
      add_path(value, conditional);
    }
  }

  void add_path(std::string_view text, bool conditional) {
    text = trim(text);
    const auto end = text.find_first_of(",}] ");
    std::string path(unquoted(text.substr(0, end)));
    if (path.find("://") != std::string::npos || path.find('$') != std::string::npos) return;
    while (path.starts_with('/')) path.erase(0, 1);
    if (!path.ends_with(".yml") && !path.ends_with(".yaml")) return;
    const auto star = path.find('*');
    if (star == std::string::npos) {
      all_.push_back({path, conditional});
      return;
    }
    // `*` is within a folder, `**` is not; of several of them nothing is said here.
    const auto behind = path.find_first_not_of('*', star);
    const auto after = std::string_view(path).substr(behind);
    if (after.find('*') != std::string_view::npos) return;
    for (const auto& one : paths_) {
      if (one.size() < star + after.size() || !one.starts_with(path.substr(0, star)) || !one.ends_with(after))
        continue;
      const auto middle = std::string_view(one).substr(star, one.size() - star - after.size());
      if (behind - star == 1 && middle.find('/') != std::string_view::npos) continue;
      all_.push_back({one, conditional});
    }
  }

  const std::vector<std::string>& paths_;
  std::vector<Named> all_;
};

}  // namespace

const KeyBlock* MarginKey::key(std::string_view name) const {
  const auto found =
      std::find_if(keys.rbegin(), keys.rend(), [&](const KeyBlock& one) { return one.key == name; });
  return found == keys.rend() ? nullptr : &*found;
}

std::vector<GitlabFile> read_gitlab_files(
    const std::function<std::optional<std::string>(const std::string&)>& read,
    const std::vector<std::string>& paths) {
  std::vector<GitlabFile> files;
  std::deque<Named> open = {{std::string(kRoot), false}};
  while (!open.empty() && files.size() < kMostFiles) {
    const Named next = open.front();
    open.pop_front();
    const auto known = std::find_if(files.begin(), files.end(),
                                    [&](const GitlabFile& one) { return one.path == next.path; });
    if (known != files.end() && (next.conditional || !known->conditional)) continue;
    GitlabFile* file = known == files.end() ? nullptr : &*known;
    if (file == nullptr) {
      auto text = read(next.path);
      if (!text) continue;
      file = &files.emplace_back();
      file->path = next.path;
      file->text = std::move(*text);
      read_keys(*file);
    }
    file->conditional = next.conditional;
    Includes includes(paths);
    includes.read(*file);
    for (auto& one : includes.take()) open.push_back(std::move(one));
  }
  return files;
}

}  // namespace exitgate::collect::census
