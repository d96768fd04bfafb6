#include "harness/collect/migrations/layout.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/numbered_sql.h"
#include "harness/collect/migrations/settings.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect {

namespace {

// "db/migrations" for the folder "service/db/migrations" below "service".
std::string_view below(std::string_view folder, std::string_view base) {
  if (base.empty()) return folder;
  return folder.size() == base.size() ? std::string_view() : folder.substr(base.size() + 1);
}

bool of_a_dependency(std::string_view path) {
  constexpr std::array<std::string_view, 4> kFolders = {"node_modules", "vendor", "site-packages", ".venv"};
  const auto parts = split(path, '/');
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return std::find(kFolders.begin(), kFolders.end(), part) != kFolders.end();
  });
}

// '@', '/' and '-' belong to a package's name: "@types/knex" and "knex-cleaner" are not "knex".
bool has_word(std::string_view text, std::string_view word) {
  const auto belongs = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '/' || c == '@';
  };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !belongs(text[at - 1])) && (end == text.size() || !belongs(text[end]))) return true;
  }
  return false;
}

bool has_marks(std::string_view text, const std::vector<std::string>& marks) {
  return std::all_of(marks.begin(), marks.end(), [&](const std::string& mark) {
    const auto any = split(mark, '|');
    return std::any_of(any.begin(), any.end(),
                       [&](const std::string& one) { return text.find(one) != std::string_view::npos; });
  });
}

struct Name {
  std::string number;  // "" when the name has none
  std::string rest;    // what follows, without the ending
  std::string stem;
};

// A migration that is a file, or a folder when the layout is nested.
struct Found {
  std::string file;
  std::string own;  // its name
  Name name;
};

bool is_of_kind(std::string_view file, std::string_view glob) {
  if (!glob_match(glob, file)) return false;
  return glob != "*.sql" || !(goes_down(file) || file.ends_with(".up.sql"));
}

class Reader {
 public:
  Reader(const std::string& tool, const Layout& layout, Source& source)
      : tool_(tool), layout_(layout), source_(source) {}

  void read(std::vector<Environment>& environments) {
    if (!find_signs()) return;
    for (const auto& setting : layout_.configured) {
      for (const auto& [file, value] : values_of(setting)) add_configured(file, value);
    }
    for (const auto& setting : layout_.tables) {
      for (const auto& [file, value] : values_of(setting)) {
        const auto base = base_of(folder_of(file));
        if (base) tables_.emplace(base->first, value);
      }
    }
    find_marked();
    std::map<std::string, std::vector<Found>> histories;  // by folder
    std::map<std::string, std::vector<Found>> unmarked;
    for (const auto& path : source_.paths()) {
      bool marked = true;
      if (auto found = migration(path, marked))
        (marked ? histories : unmarked)[history_of(path)].push_back(std::move(*found));
    }
    for (auto& [folder, found] : histories) {
      const auto others = unmarked.find(folder);
      if (others != unmarked.end())
        std::move(others->second.begin(), others->second.end(), std::back_inserter(found));
    }
    for (auto& [folder, found] : histories) {
      if (!of_another_tool(found)) environments.push_back(history(folder, std::move(found)));
    }
  }

 private:
  bool find_signs() {
    for (const auto& sign : layout_.signs) {
      for (const auto& path : source_.named(sign.file)) {
        if (of_a_dependency(path)) continue;
        if (!sign.word.empty()) {
          const auto text = source_.read(path);
          if (!text || !has_word(*text, sign.word)) continue;
        }
        bases_.emplace(folder_of(path), path);  // the first kind of sign names the configuration
      }
    }
    return layout_.signs.empty() || !bases_.empty();
  }

  // With the file that gives each.
  std::vector<std::pair<std::string, std::string>> values_of(const Setting& setting) {
    std::vector<std::string> files;
    for (const auto& path : source_.paths()) {
      if (glob_match(setting.file, name_of(path)) && !of_a_dependency(path) && base_of(folder_of(path)))
        files.push_back(path);
    }
    source_.read_ahead(files);
    std::vector<std::pair<std::string, std::string>> found;
    for (const auto& path : files) {
      const auto text = source_.read(path);
      if (!text || text->find(setting.key) == std::string::npos) continue;
      const bool plain = ends_with(path, ".yaml") || ends_with(path, ".yml") || ends_with(path, ".conf");
      if (plain && setting.form == Setting::Form::assigned) {
        const auto values = properties(*text);
        if (const auto value = values.find(setting.key); value != values.end())
          found.emplace_back(path, value->second);
        continue;
      }
      for (auto& value : values_in(*text, setting)) found.emplace_back(path, std::move(value));
    }
    return found;
  }

  static std::vector<std::string> values_in(std::string_view text, const Setting& setting) {
    if (setting.form == Setting::Form::assigned) return source_setting(text, setting.key, setting.within);
    std::vector<std::string> found;
    const bool call = setting.form == Setting::Form::argument;
    const std::string mark = setting.key + (call ? "(" : " ");
    for (const auto& line : split(text, '\n')) {
      const std::string_view whole = line;
      if (!setting.within.empty() && whole.find(setting.within) == std::string_view::npos) continue;
      const std::size_t at = whole.find((call ? "" : " ") + mark);
      if (at == std::string_view::npos) continue;
      std::string_view rest = trim(whole.substr(at + mark.size() + (call ? 0 : 1)));
      if (call && (rest.empty() || rest.front() != '"')) continue;
      if (call) rest.remove_prefix(1);
      found.emplace_back(rest.substr(0, rest.find_first_of("\"' \t&;,)")));
    }
    return found;
  }

  void add_configured(const std::string& file, std::string_view value) {
    if (const std::size_t glob = value.find('*'); glob != std::string_view::npos)
      value = value.substr(0, std::min(value.rfind('/', glob), value.size()));
    while (value.ends_with("/")) value.remove_suffix(1);
    const auto base = base_of(folder_of(file));
    for (const std::string_view folder :
         {folder_of(file), std::string_view(base->first), std::string_view()}) {
      const auto path = join_path(folder, value);
      if (!path || path->empty() || !source_.has_folder(*path)) continue;
      configured_.insert(*path);
      return;
    }
  }

  void find_marked() {
    if (layout_.folder_mark.empty()) return;
    for (const auto& path : source_.paths()) {
      const bool kind =
          std::any_of(layout_.files.begin(), layout_.files.end(),
                      [&](const MigrationFile& one) { return is_of_kind(name_of(path), one.name); });
      if (!kind || configured_.count(folder_of(path)) != 0 || source_.is_taken(path)) continue;
      const auto text = source_.read(path);
      if (text && has_section(*text, layout_.folder_mark)) configured_.emplace(folder_of(path));
    }
  }

  // The folder of the nearest sign, with the sign; nullopt when none lies above.
  std::optional<std::pair<std::string, std::string>> base_of(std::string_view folder) const {
    for (;; folder = folder_of(folder)) {
      const auto found = bases_.find(folder);
      if (found != bases_.end()) return *found;
      if (folder.empty()) return std::nullopt;
    }
  }

  std::string folder_of_history(std::string_view path) const {
    return std::string(layout_.nested ? folder_of(folder_of(path)) : folder_of(path));
  }

  std::string history_of(std::string_view path) const {
    std::string folder = folder_of_history(path);
    return layout_.whole_project ? base_of(folder)->first : folder;
  }

  // `marked` is false for one that only what lies beside it can make a migration.
  std::optional<Found> migration(const std::string& path, bool& marked) {
    const std::string_view file = name_of(path);
    const auto kind = std::find_if(layout_.files.begin(), layout_.files.end(),
                                   [&](const MigrationFile& one) { return is_of_kind(file, one.name); });
    if (kind == layout_.files.end() || source_.is_taken(path)) return std::nullopt;
    Found found;
    found.file = path;
    found.own = layout_.nested ? name_of(folder_of(path)) : file;
    found.name = name(found.own);
    if (layout_.numbered && found.name.number.empty()) return std::nullopt;
    const bool excepted = std::any_of(layout_.except.begin(), layout_.except.end(),
                                      [&](const std::string& glob) { return glob_match(glob, file); });
    if (excepted || !in_its_place(folder_of_history(path)) || of_a_dependency(path)) return std::nullopt;
    if (!kind->marks.empty()) {
      const auto text = source_.read(path);
      // One whose blob is missing is named and lies as the others do.
      marked = !text || has_marks(*text, kind->marks);
      if (!marked && !layout_.every_file) return std::nullopt;
    }
    return found;
  }

  bool in_its_place(const std::string& folder) const {
    std::string_view base;
    const auto sign = base_of(folder);
    if (!layout_.signs.empty() && !sign) return false;
    if (sign) base = sign->first;
    if (!layout_.beside.empty()) {
      const auto beside = join_path(folder, layout_.beside);
      if (!beside || !source_.has_file(*beside)) return false;
    }
    // Nested ones lie a folder deeper than a setting says: one for each database.
    if (configured_.count(folder) != 0) return true;
    if (layout_.nested && configured_.count(folder_of(folder)) != 0) return true;
    if (layout_.folders.empty()) return is_migration_folder(folder);
    const std::string_view inner = below(folder, base);
    return std::any_of(layout_.folders.begin(), layout_.folders.end(),
                       [&](const std::string& glob) { return glob_match(glob, inner); });
  }

  Name name(std::string_view own) const {
    Name read;
    std::string_view stem = own;
    if (!layout_.nested) stem = stem.substr(0, stem.rfind('.'));
    if (stem.ends_with(".up") || stem.ends_with(".tx")) stem.remove_suffix(3);
    read.stem = stem;
    read.rest = stem;
    if (!own.starts_with(layout_.prefix)) return read;
    std::string_view rest = stem.substr(std::min(layout_.prefix.size(), stem.size()));
    if (layout_.dotted) {
      const std::size_t mark = rest.find("__");
      if (mark == std::string_view::npos || mark == 0 ||
          rest.substr(0, mark).find_first_not_of("0123456789._") != std::string_view::npos)
        return read;
      read.number = rest.substr(0, mark);
      read.rest = rest.substr(mark + 2);
      return read;
    }
    const std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (end == 0 || (end < rest.size() && std::string_view("_-. ").find(rest[end]) == std::string_view::npos))
      return read;
    read.number = rest.substr(0, end);
    rest.remove_prefix(end);
    rest.remove_prefix(std::min(rest.find_first_not_of("_- "), rest.size()));
    read.rest = rest;
    return read;
  }

  bool of_another_tool(const std::vector<Found>& found) {
    return std::any_of(found.begin(), found.end(), [&](const Found& one) {
      if (!one.file.ends_with(".sql")) return false;
      const auto text = source_.read(one.file);
      return text && std::any_of(all_tools().begin(), all_tools().end(), [&](const Tool& tool) {
               return tool.sections.unmistakable && tool.name != tool_ &&
                      has_section(*text, tool.sections.up);
             });
    });
  }

  Environment history(const std::string& folder, std::vector<Found> found) const {
    Environment environment;
    environment.id = folder.empty() ? "." : folder;
    environment.tool = tool_;
    environment.location = folder;
    if (const auto sign = base_of(folder)) {
      environment.config = sign->second;
      const auto table = tables_.find(sign->first);
      if (table != tables_.end()) environment.version_table = table->second;
    } else if (!layout_.beside.empty()) {
      environment.config = join_path(folder_of_history(found.front().file), layout_.beside);
    }
    std::vector<Numbered> numbered;
    for (auto& one : found) {
      Revision revision;
      revision.id = id_of(one, folder);
      if (layout_.dotted) std::replace(revision.id.begin(), revision.id.end(), '_', '.');
      revision.file = one.file;
      revision.title = title_from(one.name.rest);
      numbered.push_back({Version(one.name.number), std::move(revision)});
    }
    if (layout_.order == Layout::Order::number) {
      add_chain(environment, std::move(numbered));
    } else {
      add_by_name(environment, std::move(numbered));
    }
    add_lone_downs(environment);
    return environment;
  }

  std::string id_of(const Found& one, std::string_view folder) const {
    switch (layout_.id) {
      case Layout::Id::number:
        return one.name.number;
      case Layout::Id::stem:
        return one.name.stem;
      case Layout::Id::name:
        return one.own;
      case Layout::Id::path:
        return std::string(below(one.file, folder));
    }
    return one.own;
  }

  void add_by_name(Environment& environment, std::vector<Numbered> found) const {
    const bool known = layout_.order == Layout::Order::name;
    if (known) {
      std::sort(found.begin(), found.end(), [](const Numbered& a, const Numbered& b) {
        return name_of(a.revision.file) < name_of(b.revision.file);
      });
    } else {
      environment.complete = false;
      environment.problems.push_back(
          {environment.config, std::nullopt,
           fmt::format("the order of {}'s migrations is not read: which is the last cannot be told", tool_)});
    }
    std::string before;
    for (auto& one : found) {
      one.revision.down_known = known;
      if (known && !before.empty()) one.revision.down = {before};
      before = one.revision.id;
      environment.revisions.push_back(std::move(one.revision));
    }
  }

  // "5_x.down.sql" without a "5_x.up.sql".
  void add_lone_downs(Environment& environment) const {
    const bool paired = std::any_of(layout_.files.begin(), layout_.files.end(),
                                    [](const MigrationFile& one) { return one.name == "*.up.sql"; });
    if (!paired) return;
    for (const auto& path : source_.files_in(environment.location)) {
      const auto number = split_number(name_of(path)).number;
      if (!path.ends_with(".down.sql") || number.empty()) continue;
      source_.take(path);
      const bool up = std::any_of(environment.revisions.begin(), environment.revisions.end(),
                                  [&](const Revision& revision) { return revision.id == number; });
      if (up) continue;
      environment.problems.push_back(
          {path, std::nullopt, fmt::format("version '{}' goes down, but not up", number)});
    }
  }

  const std::string& tool_;
  const Layout& layout_;
  Source& source_;
  std::map<std::string, std::string, std::less<>> bases_;   // folder of a sign, and the sign
  std::map<std::string, std::string, std::less<>> tables_;  // of the state, by the folder of its sign
  std::set<std::string, std::less<>> configured_;  // folders that hold migrations, whatever their names
};

}  // namespace

std::function<void(Source&, std::vector<Environment>&)> by_layout(std::string tool, Layout layout) {
  return [tool = std::move(tool), layout = std::move(layout)](Source& source,
                                                              std::vector<Environment>& environments) {
    Reader(tool, layout, source).read(environments);
  };
}

}  // namespace exitgate::collect
