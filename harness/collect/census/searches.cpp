#include "harness/base/text.h"
#include "harness/collect/census/hits.h"

namespace exitgate::collect::census {

#define WORKFLOWS                                                                \
  " $C -- ':(glob).github/workflows/*.y*ml' ':(glob).forgejo/workflows/*.y*ml' " \
  "':(glob).gitea/workflows/*.y*ml'"
#define WORKFLOWS_AND_ACTIONS WORKFLOWS " ':(glob)**/action.y*ml'"

#define BEGINS_WITH_TEST                                                                     \
  "^ *(- +)?(run: +)?(py\\.?test|tox|nox|vitest|rspec|phpunit|ctest|go test|cargo test|mvn " \
  "(test|verify)|(npm"                                                                       \
  "|yarn|pnpm)( run)? test|make test)( |$)"

const std::vector<SearchInfo>& searches() {
  static const std::vector<SearchInfo> all = {
      {Search::workflow_files, "the list of files", "ci.workflow",
       "git ls-tree -r --name-only $C | grep -E '^\\.(github|forgejo|gitea)/workflows/[^/]+\\.ya?ml$'"},
      {Search::jobs, "a search for jobs", "ci.job",
       "git grep -nE '^ +[A-Za-z_][A-Za-z0-9_-]*: *(#.*)?$'" WORKFLOWS},
      {Search::run_steps, "a search for `run:`", "ci.step",
       "git grep -nE '^ *(- +)?run:'" WORKFLOWS_AND_ACTIONS},
      {Search::uses_steps, "a search for steps with `uses:`", "ci.step",
       "git grep -nE '^ *(- +)?uses:'" WORKFLOWS_AND_ACTIONS},
      {Search::uses, "a search for `uses:`", "ci.action_use",
       "git grep -nE '^ *(- +)?uses:'" WORKFLOWS_AND_ACTIONS},
      {Search::artifact_steps, "a search for artifact steps", "ci.artifact",
       "git grep -nE 'uses:.*(upload|download)-artifact'" WORKFLOWS_AND_ACTIONS},
      {Search::services, "a search for service containers", "ci.service",
       "git grep -nE -A9 '^ +services: *(#.*)?$'" WORKFLOWS},
      {Search::test_commands, "a search for test commands", "ci.step",
       "git grep -nE "
       "'pytest|tox|nox|unittest|manage.py test|go test|cargo test|(npm|yarn|pnpm)( run)? "
       "test|vitest|rspec|rails test|mvn (test|verify)|phpunit|ctest|make test'" WORKFLOWS},
      {Search::migration_commands, "a search for migration commands", "ci.step",
       "git grep -nE 'alembic upgrade|manage.py migrate|db:migrate|prisma migrate|diesel migration "
       "run|flyway migrate|goose .*up|sqlx migrate run|dbmate (up|migrate)'" WORKFLOWS},
      {Search::triggers, "a search for pull-request triggers", "ci.trigger",
       "git grep -nE '(^|[^A-Za-z_.])pull_request(_target)?([^A-Za-z_]|$)'" WORKFLOWS},
      {Search::fixtures, "a search for fixtures", "code.fixture",
       "git grep -nE '^ *@(pytest|pytest_asyncio)\\.fixture' $C -- '*.py'"},
      {Search::hooks, "a search for hooks", "code.hook",
       "git grep -nE '^(async )?def "
       "pytest_(sessionstart|sessionfinish|configure|unconfigure|addoption|collection_"
       "modifyitems|runtest_(setup|teardown|makereport)|generate_tests|terminal_summary)\\(' $C -- '*.py'"},
      {Search::schema_calls, "a search for create_all and drop_all", "code.schema_call",
       "git grep -nE '(metadata|Base|db|SQLModel)\\.(create|drop)_all' $C -- '*.py'"},
      {Search::environment_reads, "a search for DATABASE_URL", "code.environment_read",
       "git grep -nE '(environ|getenv)(\\.get)?[[(][\"'\\''\"]DATABASE_URL' $C -- '*.py'"},
      {Search::alembic_revisions, "a search for revisions", "migrations.revision",
       "git grep -nE '^revision(: *[A-Za-z]+)? *= *[\"'\\''\"]' $C -- '*.py'"},
      {Search::django_migrations, "a search for migrations", "migrations.revision",
       "git grep -nE '^class Migration\\(migrations\\.Migration\\)' $C -- '*/migrations/*.py'"},
      {Search::migration_files, "the list of files", "migrations.revision",
       "git ls-tree -r --name-only $C | grep -E "
       "'(^|/)db/migrate/[0-9]+_[^/]*\\.rb$|(^|/)migrations/[^/]+/(up|migration)\\.sql$'"},
      {Search::concurrency, "a search for concurrency groups", "ci.concurrency",
       "git grep -nE -A2 '^ *concurrency:' $C -- ':(glob).github/workflows/*.y*ml'"},
      {Search::gitlab_files, "the files that GitLab's configuration names", "ci.workflow",
       "git grep -nE '^ *(- +)?(include|local): *[^ ]|^ *- +[^ ]+[.]ya?ml' $C -- $F"},
      {Search::gitlab_jobs, "a search for keys at the margin", "ci.job",
       "git grep -nE '^[^ #.-][^:]*: *(&[^ ]+)? *(#.*)?$' $C -- $F"},
      {Search::gitlab_artifacts, "a search for `artifacts:`", "ci.artifact",
       "git grep -nE '^ *(- +)?artifacts:' $C -- $F"},
      {Search::gitlab_inherited_artifacts, "a search for jobs that extend what has `artifacts:`",
       "ci.artifact", "git grep -nE '^[^ #]|^ +(extends|<<|artifacts):' $C -- $F"},
      {Search::gitlab_services, "a search for `services:`", "ci.service",
       "git grep -nE -A9 '^ *(- +)?services:' $C -- $F"},
      {Search::gitlab_inherited_services, "a search for jobs that extend what has `services:`", "ci.service",
       "git grep -nE '^[^ #]|^ +(extends|<<|services):' $C -- $F"},
      {Search::commands_at_begin, "a search for lines that begin with a test command", "ci.command",
       "git grep -nE '" BEGINS_WITH_TEST "'" WORKFLOWS},
      {Search::gitlab_commands, "a search for lines that begin with a test command at GitLab", "ci.command",
       "git grep -nE '" BEGINS_WITH_TEST "' $C -- $F"},
      {Search::schema_commands, "a search for commands that make tables", "code.schema_call",
       "git grep -nE '(^|[^A-Za-z0-9_-])(prisma db push|drizzle-kit push)' $C -- "
       "':(glob).github/workflows/*.y*ml'"},
  };
  return all;
}

std::string command_of(const SearchInfo& search, const std::vector<std::string>& gitlab_files) {
  std::string command(search.command);
  const auto at = command.find("$F");
  if (at == std::string::npos) return command;
  std::string files;
  for (std::string file : gitlab_files) {
    for (char& c : file) {
      if (c == '\'' || c == '\\' || static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = '?';
    }
    if (file.starts_with(':')) file[0] = '?';  // the magic of git's paths
    files += (files.empty() ? "'" : " '") + file + '\'';
  }
  return command.replace(at, 2, files);
}

Lines::Lines(std::string_view text) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    auto line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines_.push_back(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
}

std::string_view Lines::trimmed(int line) const {
  return trim(at(line));
}

int Lines::indent(int line) const {
  const auto first = at(line).find_first_not_of(' ');
  constexpr int kBlank = 1 << 20;
  return first == std::string_view::npos ? kBlank : static_cast<int>(first);
}

bool is_migration_file(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  const auto name = path.substr(slash + 1);
  const auto folder = path.substr(0, slash);
  const auto in = [&](std::string_view wanted) {
    return folder == wanted || (folder.ends_with(wanted) && folder[folder.size() - wanted.size() - 1] == '/');
  };
  if (in("db/migrate"))
    return name.ends_with(".rb") && name[0] >= '0' && name[0] <= '9' && name.find('_') != name.npos;
  if (name != "up.sql" && name != "migration.sql") return false;
  const auto parent = folder.rfind('/');
  if (parent == std::string_view::npos) return false;
  const auto above = folder.substr(0, parent);
  return above == "migrations" || above.ends_with("/migrations");
}

}  // namespace exitgate::collect::census
