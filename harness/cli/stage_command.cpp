// The tests exitgate.collect, exitgate.database and exitgate.secrets: the facts of a run. exitgate.needs.stairway and its
// like do nothing but leave their mark, by which exitgate.database knows what the selected gates need.

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/check/database_parts.h"
#include "harness/cli/as_test.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/collect/commands/collect.h"
#include "harness/collect/rehearsal/collect.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/secrets/scan.h"
#include "harness/gate/bundle.h"
#include "harness/gate/ctest.h"
#include "harness/marks/mark.h"
#include "harness/marks/owner.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"
#include "harness/redact/redactor.h"
#include "harness/stages/collecting.h"
#include "harness/stages/gate_commands.h"
#include "harness/stages/target.h"
#include "harness/verdict/verdict.h"

namespace exitgate::cli {

namespace {

struct Stage {
  std::string name;
  std::string test;
  std::vector<std::string> after;
};

constexpr std::string_view kNeeds = "needs.";
constexpr std::string_view kNeedsCommand = "needs.command.";

std::vector<Stage> make_stages() {
  std::vector<Stage> known = {{"repository", gate::kCollect, {}},
                              {"database", gate::kDatabase, {}},
                              {"commands", gate::kCommands, {}},
                              {"secrets", gate::kSecrets, {gate::kCollect}}};
  for (const auto& part : check::all_database_parts())
    known.push_back({std::string(kNeeds) + part, gate::kNeeds + part, {}});
  return known;
}

const std::vector<Stage>& stages_known() {
  static const std::vector<Stage> known = make_stages();
  return known;
}

// The parts of the database stage that a selected gate needs.
check::Parts needed_parts(const record::RunDirectory& run) {
  check::Parts parts = {"live", "test-logs"};
  const auto marks = marks::read_marks(run);
  for (const auto& part : check::all_database_parts()) {
    if (marks::last_attempt(marks, gate::kNeeds + part) != nullptr) parts.push_back(part);
  }
  return parts;
}

// The commands of the gates that are selected.
std::vector<collect::GateCommand> needed_commands(const record::RunDirectory& run) {
  std::vector<verdict::Gate> gates;
  const auto marks = marks::read_marks(run);
  for (const auto& mark : marks) {
    const std::string_view test = mark.test;
    if (!test.starts_with(gate::kNeedsCommand) || mark.attempt > 1) continue;
    const auto path = run.gate(std::string(test.substr(std::string_view(gate::kNeedsCommand).size())));
    gates.push_back(verdict::gate_from_json(Json::parse(read_file(path), path.string())));
  }
  return stages::gate_commands(gates);
}

Stage stage_named(const std::string& name) {
  if (name.starts_with(kNeedsCommand)) return {name, "exitgate." + name, {}};
  std::vector<std::string> names;
  for (const auto& stage : stages_known()) {
    if (name == stage.name) return stage;
    names.emplace_back(stage.name);
  }
  throw UsageError(fmt::format("unknown stage '{}'{}", name, did_you_mean(name, names)));
}

void collect(const record::RunDirectory& run, const std::string& which, stages::TargetOptions options) {
  if (which.starts_with(kNeeds)) return;
  if (which == "secrets") {
    collect::secrets::write_residual_secrets(run, {gate::kMembers.begin(), gate::kMembers.end()});
    return;
  }
  // The commit that the run began with: a branch may have moved since.
  options.commit = record::read_record(run).commit;
  const auto target = stages::open_target(options);
  const collect::Checkout checkout{
      target.repository,  target.commit,        target.repository.tree(target.commit),
      target.config.base, stages::fact_cache(), [](const std::string& line) { fmt::print("{}\n", line); }};
  if (which == "repository") {
    stages::collect_repository(checkout, stages::repository_domains(), run.facts(), run.root,
                               stages::asked_requests(run));
    return;
  }
  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(stages::database_url());
  if (which == "commands") {
    collect::collect_commands(checkout, needed_commands(run), redactor, run.root,
                              [](std::string_view line) { fmt::print("{}\n", line); });
  } else {
    const collect::DatabaseStage stage{target.config,
                                       checkout,
                                       stages::database_url(),
                                       redactor,
                                       run.root,
                                       needed_parts(run),
                                       stages::server_folder(),
                                       stages::may_reuse(),
                                       [](const std::string& line) { fmt::print("{}\n", line); }};
    // On servers of their own, side by side.
    ThreadGroup threads;
    const auto& parts = stage.parts;
    if (std::find(parts.begin(), parts.end(), "rehearsal") != parts.end())
      threads.start([&] { collect::collect_rehearsal(stage); });
    collect::collect_database(stage);
    threads.join();
  }
}

}  // namespace

int run_stage(int argc, char** argv) {
  stages::TargetOptions options;
  std::string which;
  std::string root;
  std::string timeout;
  Options app("Collects the facts of a run.", "exitgate stage");
  app.add("STAGE", which, "repository, database, commands, secrets or needs.PART").required();
  app.add("--run", root, "run directory").required();
  app.add("--timeout", timeout, "time limit in seconds");
  app.add_target(options);
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const record::RunDirectory run{root};
  const Stage stage = stage_named(which);
  marks::end_with_parent();
  marks::require_own_run(run);
  // CTest starts no test whose fixture failed, but it does where the fixture was skipped (gate/ctest.h).
  const int skip = exit_code(verdict::Status::skip);
  return run_as_test(run, {stage.test, record::read_record(run).id, timeout, skip, stage.after},
                     [&] { collect(run, which, options); });
}

}  // namespace exitgate::cli
