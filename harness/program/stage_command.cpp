// The tests exitgate.collect, exitgate.database and exitgate.secrets: the facts of a run.

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/check/run_directory.h"
#include "harness/collect/schema/collect.h"
#include "harness/database/supervisor.h"
#include "harness/evidence/scan.h"
#include "harness/gate/bundle.h"
#include "harness/program/collecting.h"
#include "harness/program/command.h"
#include "harness/program/options.h"
#include "harness/program/run_record.h"
#include "harness/program/target.h"
#include "harness/redact/redactor.h"

namespace exitgate::program {

int run_stage(int argc, char** argv) {
  TargetOptions options;
  std::string which;
  std::string root;
  CLI::App app("Collects the facts of a run.", "exitgate stage");
  app.add_option("STAGE", which, "repository, database or secrets")->required();
  app.add_option("--run", root, "run directory")->required();
  options.add_to(app);
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const RunDirectory run{root};
  if (which == "secrets") {
    evidence::write_leftovers(run, {gate::kMembers.begin(), gate::kMembers.end()});
    return 0;
  }
  // The commit that the run began with: a branch may have moved since.
  options.commit = read_record(run).at("commit").get<std::string>();
  const auto target = open_target(options);
  const collect::Checkout checkout{target.repository, target.commit, target.repository.tree(target.commit),
                                   target.config.base};
  if (which == "repository") {
    collect_repository(checkout, repository_domains(), run.facts(), run.root);
  } else if (which == "database") {
    database::end_with_parent();
    auto redactor = Redactor::from_environment();
    redactor.add_url(database_url());
    collect::collect_database({target.config, checkout, database_url(), redactor, run.root});
  } else {
    const std::vector<std::string> known = {"repository", "database", "secrets"};
    throw UsageError(fmt::format("unknown stage '{}'{}", which, did_you_mean(which, known)));
  }
  return 0;
}

}  // namespace exitgate::program
