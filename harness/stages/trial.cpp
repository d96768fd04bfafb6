#include "harness/stages/trial.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/base/time.h"
#include "harness/census/census.h"
#include "harness/check/database_parts.h"
#include "harness/check/program.h"
#include "harness/collect/commands/collect.h"
#include "harness/collect/rehearsal/collect.h"
#include "harness/collect/schema/collect.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
#include "harness/redact/redactor.h"
#include "harness/stages/author_facts.h"
#include "harness/stages/collecting.h"
#include "harness/stages/gate_commands.h"
#include "harness/stages/trial_gates.h"

namespace exitgate::stages {

namespace {

namespace fs = std::filesystem;

bool contains(const std::vector<std::string>& list, std::string_view item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

class Stopwatch {
 public:
  std::int64_t milliseconds() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin_)
        .count();
  }

 private:
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

class Trier {
 public:
  Trier(const TrialOptions& options, const Target& target, std::vector<verdict::Gate> gates)
      : options_(options), target_(target), gates_(std::move(gates)) {}

  std::vector<Trial> run() {
    std::vector<Trial> trials;
    for (const auto& gate : gates_) trials.push_back(trial(gate));
    return trials;
  }

 private:
  Trial trial(const verdict::Gate& gate) {
    const auto& check = *check::find_check(gate.check);
    Trial trial;
    try {
      require_linked(check, gate);
      const Stopwatch collecting;
      trial.domains = collect(gate, check);
      trial.collecting_ms = collecting.milliseconds();
    } catch (const UsageError&) {
      throw;
    } catch (const Error& error) {
      trial.verdict = verdict::undecided_verdict(gate);
      trial.verdict.reason = fmt::format("its facts could not be collected: {}{}", error.what(),
                                         error.hint().empty() ? "" : fmt::format(" ({})", error.hint()));
      return trial;
    }
    const Stopwatch judging;
    trial.verdict = verdict::evaluate(gate, check, {facts(), utc_now().substr(0, 10)});
    if (trial.verdict.turned_red) prove(gate, check, trial);
    trial.judging_ms = judging.milliseconds();
    return trial;
  }

  static void require_linked(const check::Check& check, const verdict::Gate& gate) {
    if (check::program_of(check).empty()) return;
    throw UsageError(
        fmt::format("the check '{}' is a program of its own, which runs in a run alone", check.name),
        fmt::format("evaluate it with `exitgate run --label {}`", gate.exit_gate));
  }

  // Once more what the verdict has done already, for what it does not keep: the findings.
  void prove(const verdict::Gate& gate, const check::Check& check, Trial& trial) const {
    const check::Parameters with(check.parameters, Json::parse(gate.with), gate.name);
    const facts::Facts facts(this->facts(), census::with_census(this->facts(), trial.domains));
    const auto altered = facts.changed_by(gate.counterexample, trial.changed);
    check::Report report;
    census::run_check(check, altered, with, report);
    trial.proof = report.findings();
  }

  fs::path facts() const { return folder_.path() / "facts"; }

  // The domains that the check reads, all of them collected.
  std::vector<std::string> collect(const verdict::Gate& gate, const check::Check& check) {
    auto domains = verdict::domains_of(gate, check);
    const auto repository = repository_domains();
    const auto is_of_repository = [&](const std::string& domain) { return contains(repository, domain); };
    // A run has collected all of the repository's before any gate: what a check reads where it is there is there.
    std::copy_if(check.optional_domains.begin(), check.optional_domains.end(), std::back_inserter(domains),
                 is_of_repository);
    std::vector<std::string> wanted;
    std::copy_if(domains.begin(), domains.end(), std::back_inserter(wanted), is_of_repository);
    const auto is_counted = [](const std::string& domain) {
      return domain != "asked" && domain != "environment";
    };
    if (std::any_of(wanted.begin(), wanted.end(), is_counted)) wanted.emplace_back("census");
    std::erase_if(wanted, [&](const std::string& domain) { return fs::exists(facts() / (domain + ".db")); });
    make_directories(facts());
    if (!wanted.empty())
      collect_for_author({target_.repository, target_.commit, target_.config.base, asked_requests(gates_)},
                         wanted, facts(), folder_.path());
    if (std::any_of(domains.begin(), domains.end(), check::is_of_database_stage)) provision(domains);
    if (contains(domains, "commands")) run_commands();
    for (const auto& domain : domains) {
      if (fs::exists(facts() / (domain + ".db"))) continue;
      throw UsageError(fmt::format("the gate '{}' reads {}, which only a run has", gate.name, domain),
                       fmt::format("evaluate it with `exitgate run --label {}`", gate.exit_gate));
    }
    return domains;
  }

  collect::Checkout checkout() const {
    return {target_.repository, target_.commit, target_.repository.tree(target_.commit), target_.config.base,
            fact_cache()};
  }

  redact::Redactor redactor() const {
    auto redactor = redact::Redactor::from_environment();
    redactor.add_url(options_.database_url);
    return redactor;
  }

  // Of all gates at once, as a run does.
  void run_commands() {
    if (fs::exists(facts() / "commands.db")) return;
    options_.say("the commands of the gates are run");
    collect::collect_commands(checkout(), gate_commands(gates_), redactor(), folder_.path(),
                              [this](std::string_view line) { options_.say(line); });
  }

  // Where the database stage finds what the gates ask.
  void write_gates() const {
    const record::RunDirectory run{folder_.path()};
    make_directories(run.gates());
    for (const auto& gate : gates_) write_file(run.gate(gate.name), to_json(gate).dump(2) + "\n");
  }

  // What all gates need, at once: a database is provisioned in seconds, not in milliseconds.
  void provision(const std::vector<std::string>& domains) {
    if (provisioned_) return;
    provisioned_ = true;
    check::Parts parts = {"live", "test-logs"};
    for (const auto& gate : gates_) parts.insert(parts.end(), gate.parts.begin(), gate.parts.end());
    parts = check::in_order(parts);
    write_gates();
    const auto masking = redactor();
    const auto commit = checkout();
    const collect::DatabaseStage stage{target_.config,
                                       commit,
                                       options_.database_url,
                                       masking,
                                       folder_.path(),
                                       parts,
                                       options_.server,
                                       !fact_cache().empty(),
                                       [this](const std::string& line) { options_.say(line); }};
    options_.say("a database is provisioned, which takes its time");
    ThreadGroup threads;
    if (contains(domains, "rehearsal") || contains(parts, "rehearsal"))
      threads.start([&] { collect::collect_rehearsal(stage); });
    // A problem stands in the facts as well, where the gate says what it means.
    try {
      collect::collect_database(stage);
    } catch (const Undecided& problem) {
      if (!fs::exists(facts() / "schema.db")) throw;
      options_.say(problem.what());
    }
    threads.join();
  }

  const TrialOptions& options_;
  const Target& target_;
  const std::vector<verdict::Gate> gates_;
  const TemporaryDirectory folder_{"exitgate-try"};
  bool provisioned_ = false;
};

// The target with what its work tree says instead of the commit.
TrialOptions resolved(TrialOptions options) {
  if (!options.work_tree) return options;
  if (!options.target.config.empty())
    throw UsageError("--work-tree and --config exclude each other", "leave one of them out");
  const auto repository = git::Repository::open(options.target.repository);
  if (!repository.work_tree())
    throw UsageError(fmt::format("{} has no work tree", options.target.repository), "leave out --work-tree");
  const auto config = *repository.work_tree() / "exitgate.yaml";
  if (!fs::exists(config))
    throw UsageError(fmt::format("{} does not exist", config.string()), "`exitgate init` writes one");
  options.target.config = config.string();
  return options;
}

}  // namespace

Trials try_gates(const TrialOptions& given, const std::string& gate) {
  const auto options = resolved(given);
  const auto target = open_target(options.target);
  auto found = trial_gates(options, gate, target);
  Trials trials{target.commit, std::move(found.from), {}};
  trials.trials = Trier(options, target, std::move(found.gates)).run();
  return trials;
}

}  // namespace exitgate::stages
