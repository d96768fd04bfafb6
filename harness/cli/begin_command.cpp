// The test exitgate.begin: starts a run. What an earlier run left in the run directory goes, the suite is
// resolved and written down, and run.json says what this run is about.

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/digest/digest.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
#include "harness/redact/redactor.h"
#include "harness/stages/run_record.h"
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
  std::erase_if(name, [](char c) {
    return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
             c == '_' || c == '.');
  });
  return name.empty() ? "repository" : name;
}

std::string compact(std::string time) {
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return time;
}

}  // namespace

int run_begin(int argc, char** argv) {
  stages::TargetOptions options;
  std::string root;
  Options app("Starts a run.", "exitgate begin");
  app.add_target(options);
  app.add("--run", root, "run directory").required();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const record::RunDirectory run{root};
  stages::clear_run(run);
  const auto target = stages::open_target(options);
  const auto suite = stages::suite_of(options, target);
  stages::refuse_mistakes(suite);

  auto redactor = Redactor::from_environment();
  redactor.add_url(stages::database_url());
  for (const auto& file : suite.files) write_file(run.suite() / file.name, redactor.redact(file.content));
  if (!target.config_text.empty())
    write_file(run.suite() / "exitgate.yaml", redactor.redact(target.config_text));
  Sha256 digest;
  Json gates = Json::array();
  for (const auto& gate : suite.gates) {
    const std::string text = to_json(gate).dump(2) + "\n";
    write_file(run.gate(gate.name), text);
    digest.update(text);
    gates.push_back(gate.name);
  }
  const std::string bundle = gate::to_json(suite.bundle).dump(2) + "\n";
  write_file(run.suite() / "bundle.json", bundle);
  digest.update(bundle);
  Json exit_gates = Json::array();
  for (const auto& one : suite.exit_gates)
    exit_gates.push_back({{"exit-gate", one.name}, {"title", one.title}});
  const std::string now = utc_now();
  const std::string tree =
      std::string(trim(target.repository.output({"rev-parse", target.commit + "^{tree}"})));
  const std::string name = repository_name(target.repository);
  const Json record = {{"id", fmt::format("{}-{}-{}", name, target.commit.substr(0, 12), compact(now))},
                       {"repository", name},
                       {"commit", target.commit},
                       {"tree", tree},
                       {"config", target.config.file.empty()
                                      ? Json(nullptr)
                                      : Json(std::filesystem::path(target.config.file).filename().string())},
                       {"database", stages::database_url().empty() ? "embedded" : "live"},
                       {"started_at", now},
                       {"suite", std::move(exit_gates)},
                       {"suite_digest", digest.hex()},
                       {"gates", std::move(gates)},
                       {"versions", {{"exitgate", stages::kVersion}}}};
  write_file(run.run(), record.dump(2) + "\n");
  fmt::print("{} of {} at {}: {}\n", count_of(suite.gates.size(), "gate"), name, target.commit.substr(0, 12),
             count_of(suite.exit_gates.size(), "exit gate"));
  return 0;
}

}  // namespace exitgate::cli
