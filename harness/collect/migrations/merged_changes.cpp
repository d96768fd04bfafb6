#include "harness/collect/migrations/merged_changes.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/migrations/migration_text.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect {

namespace rows = facts::migrations;

namespace {

using Kind = rows::MergedChangeKind;

std::optional<std::string> or_null(std::string text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

bool may_be_migration(std::string_view path) {
  constexpr std::array<std::string_view, 20> kEndings = {
      ".sql",  ".py", ".rb", ".js",  ".ts", ".mjs", ".cjs", ".mts", ".cts",  ".go",
      ".java", ".kt", ".cs", ".php", ".ex", ".exs", ".rs",  ".xml", ".yaml", ".yml"};
  return path.ends_with(".json") || std::any_of(kEndings.begin(), kEndings.end(),
                                                [&](std::string_view end) { return path.ends_with(end); });
}

// The beginning of `set`'s text is where the revision is.
int first_line_of(const Revision& revision) {
  return revision.part.empty() ? 1 : revision.line;
}

class Comparer {
 public:
  Comparer(Source& before, Source& now, const std::vector<Environment>& histories)
      : before_(before), now_(now), histories_(histories) {
    for (const auto& history : histories) {
      for (const auto& revision : history.revisions) {
        by_id_[revision.id].push_back(&revision);
        by_file_[script_of(revision)].push_back(&revision);
      }
    }
  }

  std::vector<rows::MergedChange> compare(const std::vector<Environment>& base) {
    base_ = &base;
    for (const auto& history : base) {
      for (const auto& revision : history.revisions) base_blobs_.insert(before_.oid(script_of(revision)));
    }
    for (const auto& history : base) {
      tool_ = find_tool(history.tool);
      now_history_ = counterpart(history);
      compare_history(history);
    }
    return std::move(found_);
  }

 private:
  // The commit's history that is this one: by its id, its place, or by having the same migrations.
  const Environment* counterpart(const Environment& history) const {
    for (const auto& one : histories_) {
      if (one.id == history.id && one.tool == history.tool) return &one;
    }
    std::set<std::string, std::less<>> ids;
    for (const auto& revision : history.revisions) ids.insert(revision.id);
    const Environment* best = nullptr;
    std::size_t most = 0;
    for (const auto& one : histories_) {
      // Another history of the base is that one.
      const bool other = std::any_of(base_->begin(), base_->end(), [&](const Environment& each) {
        return &each != &history && each.id == one.id && each.tool == one.tool;
      });
      if (other) continue;
      const auto shared = static_cast<std::size_t>(
          std::count_if(one.revisions.begin(), one.revisions.end(),
                        [&](const Revision& revision) { return ids.contains(revision.id); }));
      if (shared > most) {
        most = shared;
        best = &one;
      }
    }
    return best;
  }

  void compare_history(const Environment& history) {
    std::set<std::string> stood_for;
    if (now_history_ != nullptr) {
      for (const auto& revision : now_history_->revisions)
        stood_for.insert(revision.stands_for.begin(), revision.stands_for.end());
    }
    base_ids_.clear();
    for (const auto& revision : history.revisions) base_ids_.insert(revision.id);
    overtaking_.clear();
    for (const auto& revision : history.revisions) {
      if (revision.repeatable) continue;
      const Revision* const now = find_now(revision.id);
      if (now != nullptr) {
        compare_text(revision, *now, history);
        compare_place(revision, *now);
      } else if (!stood_for.contains(revision.id) && !is_elsewhere(revision)) {
        removed(revision, history);
      }
    }
  }

  const Revision* find_now(const std::string& id) const {
    if (now_history_ == nullptr) return nullptr;
    const auto& all = now_history_->revisions;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Revision& one) { return one.id == id; });
    return found == all.end() ? nullptr : &*found;
  }

  // In another history of the commit, by its id and its text.
  bool is_elsewhere(const Revision& revision) const {
    const auto found = by_id_.find(revision.id);
    if (found == by_id_.end()) return false;
    const auto oid = before_.oid(script_of(revision));
    return std::any_of(found->second.begin(), found->second.end(),
                       [&](const Revision* one) { return now_.oid(script_of(*one)) == oid; });
  }

  rows::MergedChange& add(const Environment& history, const std::string& revision, Kind kind,
                          std::string file, int line) {
    rows::MergedChange row;
    row.environment = now_history_ == nullptr ? history.id : now_history_->id;
    row.revision = revision;
    row.kind = kind;
    row.file = std::move(file);
    row.line = line;
    found_.push_back(std::move(row));
    return found_.back();
  }

  void removed(const Revision& revision, const Environment& history) {
    const std::string& file = script_of(revision);
    const auto holder = by_file_.find(file);
    if (holder == by_file_.end() && now_.has_file(file) && now_history_ != nullptr) {
      auto& row = add(history, revision.id, Kind::undecided, file, revision.line);
      row.reason = "its file is there and is not read as a migration of the history any more";
      return;
    }
    auto& row = add(history, revision.id, Kind::removed, revision.file, revision.line);
    std::string reason = tool_ == nullptr ? "" : tool_->after_merge.removed;
    std::string becomes;
    if (holder != by_file_.end() && revision.part.empty()) {
      becomes = holder->second.front()->id;
    } else if (const auto oid = before_.oid(file); revision.part.empty()) {
      for (const auto& [path, held] : by_file_) {
        if (now_.oid(path) == oid) becomes = held.front()->id;
      }
    }
    if (!becomes.empty()) {
      row.after = becomes;
      reason = fmt::format("its text is '{}' now{}", becomes, reason.empty() ? "" : "; " + reason);
    }
    row.reason = or_null(std::move(reason));
  }

  void compare_text(const Revision& before, const Revision& now, const Environment& history) {
    const std::string& file = script_of(now);
    if (before.part == now.part && before_.oid(script_of(before)) == now_.oid(file)) return;
    if (!before.part.empty() && before.part == now.part) return;
    if (now.part.find("runOnChange") != std::string::npos) return;  // meant to be changed
    const auto old_text = before.part.empty() ? before_.read(script_of(before)) : before.part;
    const auto new_text = now.part.empty() ? now_.read(file) : now.part;
    if (!old_text || !new_text) {
      auto& row = add(history, before.id, Kind::undecided, file, now.line);
      row.reason = "its text is another one, and a blob of it is missing from the clone";
      return;
    }
    const auto old_form = read_migration_text(script_of(before), *old_text, tool_);
    const auto new_form = read_migration_text(file, *new_text, tool_);
    if (const auto at = first_difference(old_form.up, new_form.up)) {
      const bool known = old_form.understood && new_form.understood;
      auto& row = add(history, before.id, known ? Kind::changed : Kind::undecided, file, 1);
      show(row, old_form.up, new_form.up, *at, first_line_of(now));
      row.reason = known ? or_null(tool_ == nullptr ? "" : tool_->after_merge.changed)
                         : std::optional<std::string>("code in its language is not read");
      if (now.part.find("validCheckSum") != std::string::npos) {
        row.harmless = true;
        row.reason = "validCheckSum says that it is meant";
      }
    } else if (const auto back = first_difference(old_form.down, new_form.down)) {
      auto& row = add(history, before.id, Kind::changed, file, 1);
      show(row, old_form.down, new_form.down, *back, first_line_of(now));
      row.harmless = true;
      row.reason =
          "only its way down is another, which is not run where it was applied before it is taken back";
    } else if (tool_ != nullptr && tool_->after_merge.counts_comments && file.ends_with(".sql") &&
               *old_text != *new_text) {
      auto& row = add(history, before.id, Kind::changed, file, 1);
      row.harmless = true;
      row.reason = fmt::format("only comments or blanks are others, but {}", tool_->after_merge.changed);
    }
  }

  static std::optional<std::size_t> first_difference(const std::vector<TextStatement>& one,
                                                     const std::vector<TextStatement>& other) {
    const std::size_t most = std::max(one.size(), other.size());
    for (std::size_t i = 0; i < most; ++i) {
      if (i >= one.size() || i >= other.size() || one[i].form != other[i].form) return i;
    }
    return std::nullopt;
  }

  static void show(rows::MergedChange& row, const std::vector<TextStatement>& before,
                   const std::vector<TextStatement>& after, std::size_t at, int first_line) {
    if (at < before.size()) row.before = before[at].shown;
    if (at < after.size()) row.after = after[at].shown;
    const int line = at < after.size() ? after[at].line : after.empty() ? 1 : after.back().line;
    row.line = first_line + line - 1;
  }

  // What it follows now and did not before.
  void compare_place(const Revision& before, const Revision& now) {
    if (!before.down_known || !now.down_known) return;
    const std::set<std::string> old_parents(before.down.begin(), before.down.end());
    for (const auto& parent : now.down) {
      if (old_parents.contains(parent)) continue;
      if (base_ids_.contains(parent)) {
        // Numbers move together when one goes; a parent that is written down was changed.
        if (tool_ != nullptr && tool_->id_in_file) moved(before, now, parent);
      } else {
        overtaken(before, parent);
      }
    }
  }

  void moved(const Revision& before, const Revision& now, const std::string& parent) {
    auto& row = add(*now_history_, before.id, Kind::changed, script_of(now), now.line);
    row.before = fmt::format("follows {}", before.down.empty() ? "nothing" : join(before.down, ", "));
    row.after = fmt::format("follows {}", parent);
    row.reason = "a database that is past it is not touched by the new order";
  }

  void overtaken(const Revision& before, const std::string& first) {
    std::vector<std::string> next = {first};
    while (!next.empty()) {
      const std::string id = next.back();
      next.pop_back();
      if (base_ids_.contains(id) || !overtaking_.insert(id).second) continue;
      const Revision* const newer = find_now(id);
      if (newer == nullptr) continue;
      next.insert(next.end(), newer->down.begin(), newer->down.end());
      // A squashed one is in the place of those that it stands for; a renumbered one was said to be removed.
      if (!newer->stands_for.empty() || base_blobs_.contains(now_.oid(script_of(*newer)))) continue;
      auto& row = add(*now_history_, before.id, Kind::overtaken, newer->file, newer->line);
      row.after = newer->id;
      if (tool_ == nullptr) continue;
      row.reason = or_null(tool_->after_merge.overtaken);
      row.harmless = tool_->after_merge.applies_missed;
    }
  }

  Source& before_;
  Source& now_;
  const std::vector<Environment>& histories_;
  const std::vector<Environment>* base_ = nullptr;
  const Tool* tool_ = nullptr;
  const Environment* now_history_ = nullptr;
  std::map<std::string, std::vector<const Revision*>> by_id_;
  std::map<std::string, std::vector<const Revision*>> by_file_;
  std::set<std::string> base_blobs_;
  std::set<std::string> base_ids_;
  std::set<std::string> overtaking_;
  std::vector<rows::MergedChange> found_;
};

// Whether anything at all can have happened to a migration of the base.
bool may_differ(Source& source, const std::vector<Environment>& histories, BaseComparison& base) {
  const auto& files = base.tree()->blobs_by_path();
  for (const auto& [path, oid] : files) {
    if (!source.has_file(path) && may_be_migration(path)) return true;
  }
  const auto differs = [&](const std::string& path) {
    const auto found = files.find(path);
    return found != files.end() && found->second != source.oid(path);
  };
  for (const auto& history : histories) {
    if (history.config && differs(*history.config)) return true;
    std::set<std::string> fresh;
    for (const auto& revision : history.revisions) {
      if (differs(script_of(revision)) || differs(revision.file)) return true;
      if (!files.contains(script_of(revision))) fresh.insert(revision.id);
    }
    for (const auto& revision : history.revisions) {
      const bool old = !fresh.contains(revision.id);
      if (old && std::any_of(revision.down.begin(), revision.down.end(),
                             [&](const std::string& parent) { return fresh.contains(parent); }))
        return true;
    }
  }
  return false;
}

}  // namespace

std::vector<rows::MergedChange> merged_changes(const Checkout& checkout, Source& source,
                                               const std::vector<Environment>& histories,
                                               BaseComparison& base) {
  const auto& commit = base.comparison().merge_base;
  if (!base.tree() || !commit || *commit == checkout.commit) return {};
  if (!may_differ(source, histories, base)) return {};
  const Checkout old{checkout.repository, *commit, checkout.repository.tree(*commit), {}};
  Source before(old);
  const auto base_histories = read_histories(before);
  return Comparer(before, source, histories).compare(base_histories);
}

}  // namespace exitgate::collect
