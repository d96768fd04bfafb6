// `artifacts:` and `services:` of GitLab's configuration, by text: what stands in a job, and what a job extends.
//
// A job whose text is put together in a way that this does not follow (anchors within lists, inputs, one name in two
// files) is explained as such; it is never guessed.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/census/gitlab_files.h"
#include "harness/collect/census/yaml_lines.h"

namespace exitgate::collect::census {

namespace {

constexpr int kDeepest = 12;  // of `extends:`
constexpr std::array<std::string_view, 10> kReserved = {"include",      "before_script", "image",  "services",
                                                        "after_script", "variables",     "stages", "cache",
                                                        "default",      "workflow"};

bool is_template(std::string_view name) {
  return name.starts_with('.');
}
bool is_reserved(std::string_view name) {
  return name == "spec" || std::find(kReserved.begin(), kReserved.end(), name) != kReserved.end();
}

// A key at the margin, and the file that it stands in.
struct Place {
  const GitlabFile* file = nullptr;
  const MarginKey* key = nullptr;
};

// Where a job's value of a key is written.
struct Written {
  enum Kind { none, block, elsewhere, unclear } kind = none;
  const GitlabFile* file = nullptr;
  int first = 0;
  int last = 0;
};

struct KeySearch {
  std::string_view key;
  Search own;
  Search inherited;
};
constexpr KeySearch kSearches[] = {
    {"artifacts", Search::gitlab_artifacts, Search::gitlab_inherited_artifacts},
    {"services", Search::gitlab_services, Search::gitlab_inherited_services},
};

class Census {
 public:
  Census(const std::vector<GitlabFile>& files, Found& found) : files_(files), found_(found) {
    for (const GitlabFile& file : files) {
      for (const MarginKey& key : file.keys) {
        by_name_[key.block.key].push_back({&file, &key});
        if (!key.anchor.empty()) by_anchor_[{&file, key.anchor}] = &key;
      }
    }
  }

  void run() {
    for (const GitlabFile& file : files_) {
      add(Search::gitlab_files, file, 0, 0, 0, file.conditional ? "included by rules" : "");
      for (const MarginKey& key : file.keys) look(file, key);
      for (const KeySearch& search : kSearches) look_elsewhere(file, search);
    }
  }

 private:
  void add(Search search, const GitlabFile& file, int line, int first, int last, std::string explained) {
    const Lines lines(file.text);
    if (explained.empty() && file.conditional) explained = "included by rules";
    found_.hits.push_back({.search = search,
                           .file = file.path,
                           .line = line,
                           .first = first,
                           .last = last,
                           .text = line == 0 ? "" : std::string(lines.trimmed(line).substr(0, 200)),
                           .explained = std::move(explained)});
  }

  bool is_job(const MarginKey& key) const {
    const auto& value = key.block.value;
    return !is_template(key.block.key) && !is_reserved(key.block.key) && !key.is_list && value.empty() &&
           !key.keys.empty();
  }

  void look(const GitlabFile& file, const MarginKey& key) {
    const bool several = by_name_.at(key.block.key).size() > 1;
    if (is_job(key)) {
      add(Search::gitlab_jobs, file, key.block.line, key.block.line, key.block.line,
          several ? "merged with another of its name" : "");
    }
    if (is_job(key) && !several) look_at_script(file, key);
    for (const KeySearch& search : kSearches) {
      const KeyBlock* own = key.key(search.key);
      if (is_template(key.block.key)) {
        if (own != nullptr) explain_template(search.own, file, key, *own);
      } else if (is_reserved(key.block.key)) {
        if (own != nullptr && key.block.key == "default")
          add(search.own, file, own->line, 0, 0, "default of all jobs");
        if (key.block.key == search.key) add(search.own, file, key.block.line, 0, 0, "default of all jobs");
      } else if (is_job(key)) {
        look_at_job(search, file, key, own, several);
      }
    }
  }

  // Lines of the job's own script that begin with a command that tests: one of its commands is at the script.
  void look_at_script(const GitlabFile& file, const MarginKey& job) {
    const KeyBlock* script = job.key("script");
    if (script == nullptr) return;
    const Lines lines(file.text);
    for (int line = script->line; line <= script->last; ++line) {
      if (lines.is_blank(line)) continue;
      std::string_view text =
          line == script->line ? std::string_view(script->value) : code_of(lines.trimmed(line));
      if (text.find("<<") != std::string_view::npos)
        return;  // what it writes elsewhere is none of its commands
      if (text.starts_with("- ")) text = trim(text.substr(2));
      if (begins_with_test(unquoted(text)))
        add(Search::gitlab_commands, file, line, script->line, script->last, "");
    }
  }

  void look_at_job(const KeySearch& search, const GitlabFile& file, const MarginKey& job, const KeyBlock* own,
                   bool several) {
    const Search which = own == nullptr ? search.inherited : search.own;
    const int line = own == nullptr ? job.block.line : own->line;
    const Written written = several ? Written{Written::unclear} : value_of({&file, &job}, search.key, 0);
    // GitLab refuses a job with both, but not what it takes over from `default:`.
    const Written trigger = search.key == "artifacts" && own == nullptr && !several
                                ? value_of({&file, &job}, "trigger", 0)
                                : Written{};
    if (own == nullptr && (written.kind == Written::none || written.kind == Written::unclear)) return;
    if (several) return add(which, file, line, 0, 0, "merged with another of its name");
    if (trigger.kind != Written::none && trigger.kind != Written::unclear)
      return add(which, file, line, 0, 0, "job that triggers a pipeline");
    switch (written.kind) {
      case Written::none:
        return add(which, file, line, 0, 0, "empty");
      case Written::unclear:
        return add(which, file, line, 0, 0, "empty, or by an alias or input");
      case Written::elsewhere:
        return add(which, file, line, 0, 0, "");
      case Written::block:
        break;
    }
    if (written.file == &file) return add(which, file, line, written.first, written.last, "");
    // What is written in another file has its row at the job.
    add(which, file, line, job.block.line, job.block.line, "");
  }

  void explain_template(Search search, const GitlabFile& file, const MarginKey& key, const KeyBlock& own) {
    bool used = !key.anchor.empty() && mentions("*" + key.anchor, nullptr);
    used = used || mentions(key.block.key, &key);
    add(search, file, own.line, 0, 0, used ? "template" : "template never extended");
  }

  // Whether the word stands anywhere but in the line of the key itself.
  bool mentions(const std::string& word, const MarginKey* but) const {
    for (const GitlabFile& file : files_) {
      const Lines lines(file.text);
      for (int line = 1; line <= lines.count(); ++line) {
        const auto at = lines.at(line).find(word);
        if (at == std::string_view::npos || lines.trimmed(line).starts_with('#')) continue;
        const bool itself = but != nullptr && line == but->block.line &&
                            std::any_of(file.keys.begin(), file.keys.end(),
                                        [&](const MarginKey& one) { return &one == but; });
        if (!itself) return true;
      }
    }
    return false;
  }

  // Everything else that the search finds.
  void look_elsewhere(const GitlabFile& file, const KeySearch& search) {
    const Lines lines(file.text);
    std::set<int> known;
    for (const MarginKey& key : file.keys) {
      known.insert(key.block.line);
      if (const KeyBlock* own = key.key(search.key);
          own != nullptr && (is_job(key) || is_template(key.block.key) || key.block.key == "default"))
        known.insert(own->line);
    }
    for (int line = 1; line <= lines.count(); ++line) {
      if (lines.is_blank(line) || known.contains(line)) continue;
      std::string_view text = lines.trimmed(line);
      while (text.starts_with("- ")) text = trim(text.substr(2));
      if (!text.starts_with(search.key) || !text.substr(search.key.size()).starts_with(':')) continue;
      add(search.own, file, line, 0, 0,
          file.is_string[static_cast<std::size_t>(line)] ? "string" : "another key");
    }
  }

  Written own_value(const Place& at, const KeyBlock& block) const {
    const std::string& value = block.value;
    const bool empty = value == "[]" || value == "{}" || value == "null" || value == "~";
    if (empty || (value.empty() && block.last == block.line)) return {Written::unclear};
    if (value.find("$[[") != std::string::npos) return {Written::unclear};
    if (value.starts_with('*') || value.starts_with('!')) return {Written::elsewhere, at.file};
    const Lines lines(at.file->text);
    for (int line = block.line + 1; line <= block.last; ++line) {
      const auto text = lines.trimmed(line);
      if (text.find("!reference") != std::string_view::npos || text.starts_with("- *"))
        return {Written::elsewhere, at.file};
      if (text.find("$[[") != std::string_view::npos) return {Written::unclear};
    }
    return {Written::block, at.file, block.line, block.last};
  }

  // The job's own, what it merges in, what it extends, and the default of all jobs.
  Written value_of(const Place& job, std::string_view key, int depth) const {
    Written written = value_in(job, key, depth);
    if (written.kind != Written::none || key == "trigger") return written;
    if (value_in(job, "inherit", 0).kind != Written::none) return {Written::unclear};
    std::optional<Written> found;
    for (const GitlabFile& file : files_) {
      for (const MarginKey& one : file.keys) {
        const KeyBlock* block = one.block.key == "default" ? one.key(key)
                                : one.block.key == key     ? &one.block
                                                           : nullptr;
        if (block == nullptr) continue;
        if (found) return {Written::unclear};  // of several the last counts
        found = own_value({&file, &one}, *block);
      }
    }
    // Which pipelines a file is part of is not told apart.
    if (found && found->file != nullptr && found->file != job.file && has_children_)
      return {Written::unclear};
    return found.value_or(Written{});
  }

  Written value_in(const Place& at, std::string_view key, int depth) const {
    if (depth > kDeepest) return {Written::unclear};
    if (const KeyBlock* own = at.key->key(key)) return own_value(at, *own);
    for (auto merge = at.key->keys.rbegin(); merge != at.key->keys.rend(); ++merge) {
      if (merge->key != "<<") continue;
      for (const std::string& name : names_of(at, *merge)) {
        if (!name.starts_with('*')) return {Written::unclear};
        const auto found = by_anchor_.find({at.file, name.substr(1)});
        if (found == by_anchor_.end()) return {Written::unclear};
        // YAML itself puts it there, before `extends:` is looked at.
        if (const Written written = value_in({at.file, found->second}, key, depth + 1);
            written.kind != Written::none) {
          return written;
        }
      }
    }
    const KeyBlock* extends = at.key->key("extends");
    if (extends == nullptr) return {};
    std::vector<std::string> bases = names_of(at, *extends);
    std::reverse(bases.begin(), bases.end());  // the last goes before the others
    for (const std::string& base : bases) {
      const auto found = by_name_.find(base);
      if (found == by_name_.end() || found->second.size() > 1) return {Written::unclear};
      const MarginKey& key_there = *found->second.front().key;
      if (!key_there.block.value.empty() || found->second.front().file->conditional)
        return {Written::unclear};
      if (const Written written = value_in(found->second.front(), key, depth + 1);
          written.kind != Written::none) {
        return written;
      }
    }
    return {};
  }

  // The names behind a key: in its line, in brackets, or one a line.
  static std::vector<std::string> names_of(const Place& at, const KeyBlock& block) {
    std::string list = block.value;
    const Lines lines(at.file->text);
    for (int line = block.line + 1; line <= block.last; ++line) {
      if (lines.is_blank(line) || lines.trimmed(line).starts_with('#')) continue;
      auto text = code_of(lines.trimmed(line));
      if (text.starts_with("- ")) text = trim(text.substr(2));
      list += ',' + std::string(text);
    }
    std::erase_if(list, [](char c) { return c == '[' || c == ']'; });
    std::vector<std::string> names;
    for (const std::string& name : split(list, ',')) {
      if (const auto one = unquoted(name); !one.empty()) names.emplace_back(one);
    }
    return names;
  }

  const std::vector<GitlabFile>& files_;
  Found& found_;
  std::map<std::string, std::vector<Place>, std::less<>> by_name_;
  std::map<std::pair<const GitlabFile*, std::string>, const MarginKey*> by_anchor_;
  bool has_children_ = std::any_of(files_.begin(), files_.end(), [](const GitlabFile& file) {
    return file.text.find("trigger:") != std::string::npos;
  });
};

}  // namespace

void search_gitlab(const std::function<std::optional<std::string>(const std::string&)>& read,
                   const std::vector<std::string>& paths, Found& found) {
  const std::vector<GitlabFile> files = read_gitlab_files(read, paths);
  for (const GitlabFile& file : files) found.gitlab_files.push_back(file.path);
  Census(files, found).run();
}

}  // namespace exitgate::collect::census
