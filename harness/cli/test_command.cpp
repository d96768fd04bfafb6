// `exitgate test`: a suite's own tests, in the manner of a test program.

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/installation.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/gate_files.h"
#include "harness/gate/own_checks.h"
#include "harness/report/markup.h"
#include "harness/stages/suite_tests.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* kConfiguration = "exitgate.yaml";

struct Loaded {
  gate::Suite suite;
  std::vector<fs::path> tests;
};

// SUITE: a gate file, a file of tests, a folder, or an exitgate.yaml with gates of its own.
Loaded load(const fs::path& given) {
  if (!fs::exists(given)) throw UsageError(fmt::format("{}: no such gate file or folder", given.string()));
  fs::path path = given;
  if (const auto name = path.filename().string(); gate::is_test_file(name)) {
    const auto stem = name.substr(0, name.rfind(".test."));
    for (const char* const ending : {".yaml", ".yml"}) {
      if (fs::exists(given.parent_path() / (stem + ending))) path = given.parent_path() / (stem + ending);
    }
    if (path == given)
      throw UsageError(fmt::format("{}: there is no gate file {}.yaml beside it", given.string(), stem));
  }
  Loaded loaded;
  const bool configuration = path.filename() == kConfiguration;
  // A configuration speaks of the gates that come with the program as well; only its own are tested.
  loaded.suite = configuration ? stages::trusted_suite({gates_directory().string()}, path.string(), "all")
                               : stages::trusted_suite({path.string()}, "");
  stages::require_valid(loaded.suite);
  // What is included has its tests where it comes from.
  std::set<std::string> elsewhere;
  for (const auto& file : loaded.suite.files) {
    if (!file.origin.empty()) elsewhere.insert(file.shown);
  }
  std::erase_if(loaded.suite.gates, [&](const verdict::Gate& gate) {
    const auto file = gate.where.substr(0, gate.where.rfind(':'));
    return elsewhere.contains(file) || (configuration && file != path.string());
  });
  loaded.tests = suites::test_files(path);
  return loaded;
}

std::string line(const stages::TestOutcome& outcome) {
  return fmt::format("{} - {}", outcome.test.gate, printable(outcome.test.name));
}

std::string junit(const std::vector<stages::TestOutcome>& outcomes, const std::vector<std::string>& gaps) {
  const auto attribute = [](std::string_view name, const std::string& value) {
    return fmt::format(" {}=\"{}\"", name, report::xml_escape(printable(value)));
  };
  const auto failed = static_cast<std::size_t>(std::count_if(
      outcomes.begin(), outcomes.end(), [](const auto& one) { return !one.differences.empty(); }));
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"exitgate test\" "
      "tests=\"{}\" failures=\"{}\">\n",
      outcomes.size() + gaps.size(), failed + gaps.size());
  for (const auto& outcome : outcomes) {
    text += fmt::format("    <testcase{}{} time=\"{}.{:03}\"", attribute("classname", outcome.test.gate),
                        attribute("name", outcome.test.name), outcome.duration_ms / 1000,
                        outcome.duration_ms % 1000);
    if (outcome.differences.empty()) {
      text += "/>\n";
      continue;
    }
    std::string all = report::xml_escape(printable(outcome.test.where));
    for (const auto& difference : outcome.differences)
      all += "\n" + report::xml_escape(printable(difference));
    text += fmt::format(">\n      <failure{}>{}</failure>\n    </testcase>\n",
                        attribute("message", outcome.differences.front()), all);
  }
  for (const auto& gap : gaps) {
    text += fmt::format("    <testcase classname=\"exitgate test\"{}>\n      <failure{}/>\n    </testcase>\n",
                        attribute("name", gap), attribute("message", gap));
  }
  return text + "  </testsuite>\n</testsuites>\n";
}

void require_right(const suites::GateTests& tests) {
  gate::Suite suite;
  suite.mistakes = tests.mistakes;
  stages::require_valid(suite);
}

}  // namespace

int run_test(int argc, char** argv) {
  std::string given;
  std::string junit_file;
  bool strict = false;
  std::vector<std::string> checks;
  Options app(
      "Runs the tests of a suite: facts in, verdict out, as *.test.yaml beside the gate files says it. Exit "
      "code 0 when "
      "all\nare as expected, 1 when one is not, 2 for a mistake in a file, 3 when a test could not be run or "
      "there is none.",
      "exitgate test");
  app.add("SUITE", given, "a gate file, a folder of them, a file of tests, or an exitgate.yaml").required();
  app.add_flag("--strict", strict,
               "a gate without a test, and one that no test proves to fail, are failures");
  app.add("--junit", junit_file, "also writes the results there, as JUnit XML");
  app.add("--checks", checks, "a folder of checks of your own, as exitgate_add_check builds them");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  gate::load_own_checks(checks);
  const auto loaded = load(given);
  std::vector<std::string> gates;
  for (const auto& gate : loaded.suite.gates) gates.push_back(gate.name);
  const auto read = suites::read_tests(loaded.tests, gates);
  require_right(read);
  if (read.tests.empty()) {
    throw Undecided(fmt::format("{}: there are no tests: nothing was examined, so this is not a pass", given),
                    fs::is_directory(given) ? "write them into a file *.test.yaml in the folder"
                                            : "write them into a file *.test.yaml beside it");
  }
  const auto outcomes = stages::run_suite_tests(loaded.suite, read.tests);
  const auto missing = stages::gaps_of(loaded.suite, outcomes);
  std::vector<std::string> gaps;
  for (const auto& gate : missing.untested) gaps.push_back(gate + " has no test");
  for (const auto& gate : missing.unproven)
    gaps.push_back(gate + ": none of its tests has facts on which its counterexample turns it red");
  std::size_t number = 0;
  std::size_t failed = 0;
  bool undecided = false;
  std::string text;
  for (const auto& outcome : outcomes) {
    const bool ok = outcome.differences.empty();
    failed += ok ? 0 : 1;
    undecided = undecided || outcome.undecided;
    text += fmt::format("{} {} - {}\n", ok ? "ok" : "not ok", ++number, line(outcome));
    if (ok) continue;
    text += fmt::format("  # {}\n", printable(outcome.test.where));
    for (const auto& difference : outcome.differences) text += fmt::format("  # {}\n", printable(difference));
  }
  for (const auto& gap : gaps)
    text += strict ? fmt::format("not ok {} - {}\n", ++number, gap) : fmt::format("# {}\n", gap);
  text += fmt::format("1..{}\n# {} of {}: {} ok, {} not ok{}\n", number, count_of(outcomes.size(), "test"),
                      count_of(gates.size(), "gate"), outcomes.size() - failed,
                      failed + (strict ? gaps.size() : 0),
                      missing.untested.empty()
                          ? ""
                          : fmt::format(", {} without a test", count_of(missing.untested.size(), "gate")));
  if (!junit_file.empty())
    write_file(junit_file, junit(outcomes, strict ? gaps : std::vector<std::string>{}));
  write_document(text);
  const bool red = failed > 0 || (strict && !gaps.empty());
  return static_cast<int>(undecided ? Exit::undecided : red ? Exit::failed : Exit::good);
}

}  // namespace exitgate::cli
