// What the searches of the census find, before it is written.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect::census {

enum class Search {
  workflow_files,
  jobs,
  run_steps,
  uses_steps,
  uses,
  artifact_steps,
  services,
  test_commands,
  migration_commands,
  triggers,
  fixtures,
  hooks,
  schema_calls,
  environment_reads,
  alembic_revisions,
  django_migrations,
  migration_files,
  concurrency,
  gitlab_files,
  gitlab_jobs,
  gitlab_artifacts,
  gitlab_inherited_artifacts,
  gitlab_services,
  gitlab_inherited_services,
  commands_at_begin,
  gitlab_commands,
  schema_commands,
};

struct SearchInfo {
  Search search;
  std::string_view name;
  std::string_view fact;     // "ci.artifact"
  std::string_view command;  // shows the hits, in a clone with the commit in C; $F: see Found::gitlab_files
};
// In the order of Search.
const std::vector<SearchInfo>& searches();

// The command with the files of GitLab's configuration put in, for a shell: a sign of a name that a shell or git would take
// for more is `?`, which stands for any one.
std::string command_of(const SearchInfo& search, const std::vector<std::string>& gitlab_files);

struct Hit {
  Search search{};
  std::string file;
  int line = 0;   // 0: the file itself
  int first = 0;  // a row of the table is within these lines; 0 and 0: anywhere in the file
  int last = 0;
  std::string text;
  std::string explained;  // "": it must be a row
};

struct Tally {
  std::string fact;
  std::string condition;  // JSON
  std::int64_t rows = 0;
  std::string file;
  int line = 0;
  std::string method;
};

// What an Alembic version file says of itself, as far as its lines tell.
struct Revision {
  std::size_t hit = 0;  // of Search::alembic_revisions
  std::string id;
  int line = 0;                                     // of down_revision
  std::optional<std::vector<std::string>> parents;  // nullopt where it is more than texts
};

struct Found {
  std::vector<Hit> hits;
  std::vector<Revision> revisions;
  std::vector<Tally> tallies;
  std::vector<std::string>
      gitlab_files;  // of GitLab's configuration, as its `include:` and `trigger:` name them
  std::vector<std::string> version_folders;  // that an alembic.ini names, as written
  bool recursive_folders = false;            // and those below them
  std::vector<std::pair<std::string, std::string>>
      squashed;  // folder, and the text of a squashed migration in it
};

// The lines of a text, trimmed or not, with their indentation.
class Lines {
 public:
  explicit Lines(std::string_view text);
  int count() const { return static_cast<int>(lines_.size()); }
  // All by the number of the line, from 1.
  std::string_view at(int line) const { return lines_[static_cast<std::size_t>(line - 1)]; }
  std::string_view trimmed(int line) const;
  bool is_blank(int line) const { return trimmed(line).empty(); }
  int indent(int line) const;  // spaces before the text; that of a blank line is large

 private:
  std::vector<std::string_view> lines_;
};

// A workflow of the kind that GitHub, Forgejo and Gitea read, or, with `is_action`, a composite action.
void search_workflow(const std::string& file, std::string_view text, bool is_action, Found& found);

// Whether a line of a script begins with a command that tests: what is written behind another one may be a text.
bool begins_with_test(std::string_view line);

// GitLab's configuration, from .gitlab-ci.yml on. `read`: the text of a file of the commit, nullopt where it has none.
// `paths`: all files of the commit.
void search_gitlab(const std::function<std::optional<std::string>(const std::string&)>& read,
                   const std::vector<std::string>& paths, Found& found);

// A Python file. `patterns` is what git grep is asked to find files by.
extern const char* const kPythonPattern;
void search_python(const std::string& file, std::string_view text, Found& found);

// `version_locations` of an alembic.ini.
void read_alembic_ini(std::string_view text, Found& found);

// Explains the migrations that their tool does not look at: in no folder that alembic.ini names, or replaced by a
// squashed one. When all files were searched.
void explain_migrations(Found& found);

// Tallies of the edges and heads that the version files of Alembic have by their `down_revision` lines. When the hits are
// explained.
void count_revisions(Found& found);

// A path of the commit that by its name is a migration of a tool whose migrations are files.
bool is_migration_file(std::string_view path);

}  // namespace exitgate::collect::census
