#include "harness/stages/suite_tests.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/ci/write.h"
#include "harness/collect/migrations/collect.h"
#include "harness/facts/changed_stores.h"
#include "harness/facts/store.h"
#include "harness/facts/tables.h"
#include "harness/stages/collecting.h"

namespace exitgate::stages {

namespace {

namespace fs = std::filesystem;

// Waivers are of a repository and its day; a suite's tests have none.
constexpr const char* kToday = "2000-01-01";

std::vector<std::string> all_domains() {
  std::vector<std::string> all;
  for (const auto& declared : facts::declarations()) all.push_back(declared.domain);
  return all;
}

// Stores without a row but for what is known without any repository: the CI services and the migration tools.
class EmptyStores {
 public:
  const fs::path& with(const std::string& domain) {
    if (!made_.insert(domain).second) return folder_.path();
    facts::Store store(folder_.path(), domain);
    if (domain == "ci") collect::ci::write_providers(store);
    if (domain == "migrations") collect::write_tools(store);
    store.close();
    return folder_.path();
  }

 private:
  TemporaryDirectory folder_{"exitgate-test"};
  std::set<std::string> made_;
};

void git(const fs::path& folder, std::vector<std::string> arguments) {
  std::vector<std::string> all = {"git",
                                  "-C",
                                  folder.string(),
                                  "-c",
                                  "user.name=exitgate",
                                  "-c",
                                  "user.email=exitgate@invalid",
                                  "-c",
                                  "commit.gpgsign=false",
                                  "-c",
                                  "core.autocrlf=false",
                                  "-c",
                                  "core.hooksPath=/dev/null"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const auto result = run({.arguments = all, .limit = std::chrono::seconds(60)});
  if (!result.ok()) throw Undecided(fmt::format("git {}: {}", arguments.front(), trim(result.error)));
}

// A repository of the test's files, and its facts.
void collect_files(const suites::GateTest& test, const std::vector<std::string>& domains,
                   const verdict::Gate& gate, const fs::path& facts) {
  const TemporaryDirectory folder("exitgate-test");
  for (const auto& [path, content] : test.files) {
    make_directories((folder.path() / path).parent_path());
    write_file(folder.path() / path, content);
  }
  git(folder.path(), {"init", "--quiet", "--template=", "-b", "main"});
  git(folder.path(), {"add", "--all", "--force"});
  git(folder.path(), {"commit", "--quiet", "--message=the test's files"});
  const auto repository = git::Repository::open(folder.path());
  const auto commit = repository.resolve_commit("HEAD");
  collect_repository({repository, commit, repository.tree(commit)}, domains, facts, "",
                     asked_requests({gate}));
}

std::string place_of(const verdict::Judged& judged) {
  const auto& finding = judged.finding;
  if (finding.file.empty()) return "";
  return finding.line > 0 ? fmt::format("{}:{}: ", finding.file, finding.line) : finding.file + ": ";
}

bool matches(const suites::ExpectedFinding& expected, const check::Finding& actual) {
  return (!expected.file || *expected.file == actual.file) &&
         (!expected.line || *expected.line == actual.line) &&
         (!expected.message || expected.message->matches(actual.message)) &&
         (!expected.hint || expected.hint->matches(actual.hint));
}

// Each expected finding with one of its own: a vague one must not take what a precise one needs.
void compare_findings(const std::vector<suites::ExpectedFinding>& expected,
                      const std::vector<verdict::Judged>& actual, std::vector<std::string>& differences) {
  std::vector<int> taken(actual.size(), -1);
  std::vector<bool> tried;
  const std::function<bool(std::size_t)> place = [&](std::size_t one) {
    for (std::size_t i = 0; i < actual.size(); ++i) {
      if (tried[i] || !matches(expected[one], actual[i].finding)) continue;
      tried[i] = true;
      if (taken[i] >= 0 && !place(static_cast<std::size_t>(taken[i]))) continue;
      taken[i] = static_cast<int>(one);
      return true;
    }
    return false;
  };
  for (std::size_t one = 0; one < expected.size(); ++one) {
    tried.assign(actual.size(), false);
    if (!place(one)) differences.push_back("missing finding: " + expected[one].shown);
  }
  for (std::size_t i = 0; i < actual.size(); ++i) {
    if (taken[i] < 0)
      differences.push_back(
          fmt::format("unexpected finding: {}{}", place_of(actual[i]), actual[i].finding.message));
  }
}

void compare(const suites::GateTest& test, const verdict::Verdict& verdict,
             std::vector<std::string>& differences) {
  const auto status = verdict::status_name(verdict.status);
  if (status != test.verdict) {
    differences.push_back(fmt::format("verdict: expected {}, got {}{}{}", test.verdict, status,
                                      verdict.reason.empty() ? "" : ": ", verdict.reason));
  }
  if (test.examined && *test.examined != verdict.examined)
    differences.push_back(fmt::format("examined: expected {}, got {}", *test.examined, verdict.examined));
  if (test.reason && status == test.verdict && !test.reason->matches(verdict.reason)) {
    differences.push_back(fmt::format("reason: expected {}'{}', got '{}'", test.reason->part ? "a part " : "",
                                      test.reason->text, verdict.reason));
  }
  if (test.findings) {
    compare_findings(*test.findings, verdict.findings, differences);
  } else if (status != test.verdict) {
    for (const auto& one : verdict.findings)
      differences.push_back(fmt::format("finding: {}{}", place_of(one), one.finding.message));
  }
}

class TestRunner {
 public:
  explicit TestRunner(const gate::Suite& suite) : rules_(facts::Facts::declared()) {
    for (const auto& gate : suite.gates) gates_.emplace(gate.name, &gate);
  }

  TestOutcome outcome(const suites::GateTest& test) {
    TestOutcome outcome{test, {}, false, false, 0};
    const auto started = std::chrono::steady_clock::now();
    const auto& gate = *gates_.at(test.gate);
    const auto& check = *check::find_check(gate.check);
    const TemporaryDirectory facts("exitgate-test");
    try {
      make_facts(test, gate, check, facts.path());
      const auto verdict = verdict::evaluate(gate, check, {facts.path(), kToday});
      outcome.turned_red = verdict.turned_red.value_or(false);
      compare(test, verdict, outcome.differences);
    } catch (const Error& error) {
      outcome.undecided = true;
      outcome.differences.push_back(fmt::format("{}: the facts cannot be made: {}",
                                                test.where_facts.empty() ? test.where : test.where_facts,
                                                error.what()));
    }
    outcome.duration_ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started)
            .count();
    return outcome;
  }

 private:
  void make_facts(const suites::GateTest& test, const verdict::Gate& gate, const check::Check& check,
                  const fs::path& folder) {
    const auto needed = verdict::domains_of(gate, check);
    std::set<std::string> domains(needed.begin(), needed.end());
    for (const auto& domain : all_domains()) {
      if (test.facts.find(domain + ".") != std::string::npos) domains.insert(domain);
    }
    if (!test.files.empty()) {
      domains.insert("repo");
      std::vector<std::string> collected;
      for (const auto& domain : repository_domains()) {
        const bool optional = std::find(check.optional_domains.begin(), check.optional_domains.end(),
                                        domain) != check.optional_domains.end();
        if (domains.contains(domain) || optional) collected.push_back(domain);
      }
      collect_files(test, collected, gate, folder);
    }
    for (const auto& domain : domains) {
      const auto name = domain + ".db";
      if (!fs::exists(folder / name)) fs::copy_file(empty_.with(domain) / name, folder / name);
    }
    if (!test.facts.empty())
      facts::write_changed_stores(folder, {domains.begin(), domains.end()}, test.facts, rules_, folder);
  }

  std::map<std::string, const verdict::Gate*> gates_;
  facts::Facts rules_;
  EmptyStores empty_;
};

}  // namespace

std::vector<TestOutcome> run_suite_tests(const gate::Suite& suite,
                                         const std::vector<suites::GateTest>& tests) {
  TestRunner runner(suite);
  std::vector<TestOutcome> outcomes;
  outcomes.reserve(tests.size());
  for (const auto& test : tests) outcomes.push_back(runner.outcome(test));
  return outcomes;
}

TestGaps gaps_of(const gate::Suite& suite, const std::vector<TestOutcome>& outcomes) {
  TestGaps gaps;
  for (const auto& gate : suite.gates) {
    bool tested = false;
    bool proven = !gate.unproven.empty();
    for (const auto& one : outcomes) {
      if (one.test.gate != gate.name) continue;
      tested = true;
      proven = proven || one.turned_red;
    }
    if (!tested) gaps.untested.push_back(gate.name);
    if (tested && !proven) gaps.unproven.push_back(gate.name);
  }
  return gaps;
}

}  // namespace exitgate::stages
