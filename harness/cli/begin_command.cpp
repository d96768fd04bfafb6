// The test exitgate.begin: starts a run. It claims the run directory for this ctest, what an earlier run left there goes,
// the suite is resolved and written down, and run.json says what this run is about.

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/path_text.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/check/program.h"
#include "harness/cli/as_test.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/digest/digest.h"
#include "harness/gate/ctest.h"
#include "harness/json/json.h"
#include "harness/marks/mark.h"
#include "harness/marks/note.h"
#include "harness/marks/owner.h"
#include "harness/record/names.h"
#include "harness/record/run_record.h"
#include "harness/record/suite_digest.h"
#include "harness/redact/redactor.h"
#include "harness/stages/clear_run.h"
#include "harness/stages/target.h"
#include "harness/stages/version.h"

namespace exitgate::cli {

namespace {

// "https://host/owner/name.git" and "/home/x/name" are both "name".
std::string repository_name(const git::Repository& repository) {
  const auto remote = repository.run({"config", "--get", "remote.origin.url"});
  std::string name = remote.ok() ? std::string(trim(remote.output)) : "";
  if (name.empty())
    name = (repository.work_tree() ? *repository.work_tree() : repository.git_directory()).string();
  while (!name.empty() && name.back() == '/') name.pop_back();
  name = name.substr(name.find_last_of("/:") + 1);
  if (name.ends_with(".git")) name.resize(name.size() - 4);
  return record::archive_name(name);
}

// A file of the commit at which findings about the whole repository are shown.
std::optional<std::string> shown_at(const git::Repository& repository, const std::string& commit) {
  const auto listed = repository.output({"ls-tree", "-r", "--name-only", "-z", "--full-tree", commit});
  std::optional<std::string> best;
  for (const auto& path : split(listed, '\0')) {
    if (path == "exitgate.yaml") return path;
    if (path == "README.md" || (!best && !path.empty())) best = path_text(path);
  }
  return best;
}

// Of a check that no exitgate program holds: what it says of itself, and which bytes it was.
void record_own_check(const record::RunDirectory& run, const std::string& name) {
  const auto* check = check::find_check(name);
  if (check == nullptr || check::program_of(*check).empty()) return;
  auto described = verdict::to_json(*check);
  described["sha256"] = digest::sha256_file(check::program_of(*check));
  write_file(run.own_check(name), described.dump(2) + "\n");
}

// suite/included.json: where each included file came from. suite/left-out.json: which gates are there and were not asked.
void write_origins(const record::RunDirectory& run, const gate::Suite& suite) {
  Json included = Json::array();
  for (const auto& file : suite.files) {
    if (file.origin.empty()) continue;
    included.push_back({{"file", file.name},
                        {"origin", file.origin},
                        {"include", file.include},
                        {"sha256", digest::sha256_hex(file.content)}});
  }
  if (!included.empty()) write_file(run.suite() / "included.json", included.dump(2) + "\n");
  if (suite.profile.empty() && suite.left_out.empty()) return;
  Json left_out = Json::array();
  for (const auto& one : suite.left_out)
    left_out.push_back({{"gate", one.gate}, {"title", one.title}, {"by", one.by}});
  write_file(run.suite() / "left-out.json",
             Json{{"profile", suite.profile.empty() ? Json(nullptr) : Json(suite.profile)},
                  {"gates", std::move(left_out)}}
                     .dump(2) +
                 "\n");
}

std::string compact(std::string time) {
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return time;
}

void begin(const record::RunDirectory& run, const stages::TargetOptions& options) {
  stages::clear_run(run);
  const auto target = stages::open_target(options);
  auto suite = stages::suite_of(options, target);
  stages::add_missing_checks(suite);
  stages::require_valid(suite);

  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(stages::database_url());
  for (const auto& file : suite.files) write_file(run.suite() / file.name, redactor.redact(file.content));
  if (!target.config_text.empty())
    write_file(run.suite() / "exitgate.yaml", redactor.redact(target.config_text));
  write_origins(run, suite);
  record::RunRecord record;
  for (const auto& gate : suite.gates) {
    write_file(run.gate(gate.name), to_json(gate).dump(2) + "\n");
    record_own_check(run, gate.check);
    record.gates.push_back(gate.name);
    if (gate.core) record.core.push_back(gate.name);
  }
  write_file(run.suite() / "bundle.json", gate::to_json(suite.bundle).dump(2) + "\n");
  for (const auto& one : suite.exit_gates) record.suite.push_back({one.name, one.title});
  record.suite_digest = record::suite_digest(run.root);
  record.started_at = utc_now();
  record.repository = repository_name(target.repository);
  record.commit = target.commit;
  record.id =
      fmt::format("{}-{}-{}", record.repository, record.commit.substr(0, 12), compact(record.started_at));
  record.tree = trim(target.repository.output({"rev-parse", target.commit + "^{tree}"}));
  if (!target.config.file.empty())
    record.config = std::filesystem::path(target.config.file).filename().string();
  record.accepts_partial = target.config.accept_partial;
  record.shown_at = shown_at(target.repository, target.commit);
  record.database = stages::database_url().empty() ? "embedded" : "live";
  record.versions = {{"exitgate", stages::kVersion}};
  record::write_record(run, record);
  fmt::print("{} of {} at {}: {}\n", count_of(suite.gates.size(), "gate"), record.repository,
             target.commit.substr(0, 12), count_of(suite.exit_gates.size(), "exit gate"));
}

}  // namespace

int run_begin(int argc, char** argv) {
  stages::TargetOptions options;
  std::string root;
  std::string timeout;
  Options app("Starts a run.", "exitgate begin");
  app.add_target(options);
  app.add("--run", root, "run directory").required();
  app.add("--timeout", timeout, "time limit in seconds");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const record::RunDirectory run{root};
  marks::end_with_parent();
  try {
    marks::claim(run, marks::parent_process());
  } catch (const Error& error) {
    marks::note_for_parent(run, error);
    throw;
  }
  return run_as_test(run, {gate::kBegin, "", timeout}, [&] { begin(run, options); });
}

}  // namespace exitgate::cli
