// The tests exitgate.collect, exitgate.database and exitgate.secrets: the facts of a run.

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/secrets/scan.h"
#include "harness/database/supervisor.h"
#include "harness/gate/bundle.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"
#include "harness/redact/redactor.h"
#include "harness/stages/collecting.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

int run_stage(int argc, char** argv) {
  stages::TargetOptions options;
  std::string which;
  std::string root;
  Options app("Collects the facts of a run.", "exitgate stage");
  app.add("STAGE", which, "repository, database or secrets").required();
  app.add("--run", root, "run directory").required();
  app.add_target(options);
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const record::RunDirectory run{root};
  if (which == "secrets") {
    collect::secrets::write_residual_secrets(run, {gate::kMembers.begin(), gate::kMembers.end()});
    return 0;
  }
  // The commit that the run began with: a branch may have moved since.
  options.commit = record::read_record(run).commit;
  const auto target = stages::open_target(options);
  const collect::Checkout checkout{target.repository, target.commit, target.repository.tree(target.commit),
                                   target.config.base};
  if (which == "repository") {
    stages::collect_repository(checkout, stages::repository_domains(), run.facts(), run.root);
  } else if (which == "database") {
    database::end_with_parent();
    auto redactor = redact::Redactor::from_environment();
    redactor.add_url(stages::database_url());
    collect::collect_database({target.config, checkout, stages::database_url(), redactor, run.root});
  } else {
    const std::vector<std::string> known = {"repository", "database", "secrets"};
    throw UsageError(fmt::format("unknown stage '{}'{}", which, did_you_mean(which, known)));
  }
  return 0;
}

}  // namespace exitgate::cli
