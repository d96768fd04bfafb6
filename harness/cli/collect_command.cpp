#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/stages/collecting.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

int run_collect(int argc, char** argv) {
  std::string repository;
  std::string commit = "HEAD";
  std::string domains;
  std::string database;
  std::string snapshot = "live";
  std::string out;
  std::vector<std::string> suites;
  Options app("Writes the facts of a repository at a commit, or of a database, as SQLite files.",
              "exitgate collect");
  app.add("--repo", repository, "a work tree, a worktree or a bare git directory")
      .environment("EXITGATE_REPO");
  app.add("--commit", commit, "the commit to examine").show_default();
  app.add("--domains", domains,
          "the domains to collect, with commas between (default: all of the repository's)");
  app.add("--suite", suites,
          "gate file, or folder of them, whose gates ask for facts of their own (domain asked); may be given "
          "several times");
  app.add("--database", database, "URL of a database to snapshot, read only")
      .environment(stages::kDatabaseVariable);
  app.add("--snapshot", snapshot, "name of that snapshot").show_default();
  app.add("--out", out, "folder for the <domain>.db files").required();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  if (repository.empty() && database.empty()) {
    throw UsageError("nothing to collect: give --repo, --database or both", "see exitgate collect --help");
  }
  if (!database.empty()) stages::collect_live_database(database, snapshot, out);
  if (repository.empty()) return 0;
  std::vector<std::string> wanted;
  if (domains.empty()) {
    wanted = stages::repository_domains();
  } else {
    for (const auto& name : split(domains, ',')) {
      const auto known = stages::repository_domains();
      const std::string domain(trim(name));
      if (std::find(known.begin(), known.end(), domain) == known.end()) {
        throw UsageError(
            fmt::format("unknown domain '{}'{}", domain, did_you_mean(domain, known)),
            fmt::format("the domains of a repository are {}; a database's is collected with --database",
                        join(known, ", ")));
      }
      if (domain == "asked" && suites.empty()) {
        throw UsageError("the domain 'asked' holds what the gates of a suite ask for, and no suite is given",
                         "give --suite");
      }
      wanted.push_back(domain);
    }
  }
  const auto opened = git::Repository::open(repository);
  const auto oid = opened.resolve_commit(commit);
  std::vector<collect::AskedRequest> asked;
  if (!suites.empty()) {
    const auto suite = stages::trusted_suite(suites, "");
    stages::require_valid(suite);
    asked = stages::asked_requests(suite.gates);
  }
  stages::collect_repository({opened, oid, opened.tree(oid), "", stages::fact_cache()}, wanted, out, "",
                             asked);
  return 0;
}

}  // namespace exitgate::cli
