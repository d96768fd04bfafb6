// `exitgate run`: the whole suite without a CMake project. It writes the CTest files itself and runs ctest.

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/output.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/ctest_process.h"
#include "harness/cli/options.h"
#include "harness/gate/ctest.h"
#include "harness/json/json.h"
#include "harness/marks/mark.h"
#include "harness/marks/note.h"
#include "harness/marks/owner.h"
#include "harness/record/run_directory.h"
#include "harness/stages/clear_run.h"
#include "harness/stages/ctest_files.h"
#include "harness/stages/sealing.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

// ctest knows only "failed": the note on the run tells a red gate from one that could not be decided.
int exit_of_run(const record::RunDirectory& run, const CTestEnd& ctest, bool selects) {
  if (ctest.signal != 0) {
    throw Undecided(fmt::format("ctest was killed by signal {} ({}): nothing is sealed", ctest.signal,
                                ::strsignal(ctest.signal)));
  }
  const auto note = marks::read_note(run, marks::this_process());
  const auto marks = marks::read_marks(run, gate::kBegin);
  const auto* const begin = marks::last_attempt(marks, gate::kBegin);
  if (!note && begin == nullptr) {
    throw UsageError(selects ? "no gate has a label that matches --label" : "no gate was evaluated",
                     "`exitgate gates` lists the gates and their labels");
  }
  if (!note) {
    say(ctest.closing);  // whatever it is, it is the only word on what happened
    throw Undecided("the run did not reach its end, and nothing is sealed", "see above for the reason");
  }
  say_in_color(note->summary);
  if (!note->message.empty()) say_problem(note->message, note->hint);
  if (note->summary.empty() && note->run_exit != 0)
    throw Undecided("the run did not begin, and nothing was evaluated", "see above for the reason");
  return note->run_exit == 0 && ctest.exit_code != 0 ? static_cast<int>(Exit::undecided) : note->run_exit;
}

// What these arguments select, as ctest itself lists it: a check that ends before it leaves a mark is missed by that.
std::vector<std::string> tests_of(std::vector<std::string> arguments) {
  arguments.emplace_back("--show-only=json-v1");
  const auto listed = run({.arguments = std::move(arguments), .limit = std::chrono::seconds(60)});
  const auto document =
      Json::try_parse(listed.output.substr(std::min(listed.output.find("\n{") + 1, listed.output.size())))
          .value_or(Json::object());
  std::vector<std::string> tests;
  for (const auto& test : document["tests"]) tests.push_back(test.text_or("name"));
  return tests;
}

// ctest takes a test only when each -L matches; a gate needs one of the labels.
std::string either(const std::vector<std::string>& labels) {
  std::vector<std::string> groups;
  for (const auto& label : labels) groups.push_back(labels.size() == 1 ? label : "(" + label + ")");
  return join(groups, "|");
}

// The run is sealed in another folder than this one, and a key that is not there is better known before it.
void find_key() {
  const char* key = std::getenv(stages::kKeyVariable);
  if (key == nullptr || *key == '\0' || std::string_view(key).find(':') != std::string_view::npos) return;
  if (!std::filesystem::exists(key)) {
    throw UsageError(fmt::format("the key file that {} names does not exist", stages::kKeyVariable),
                     "give a private key (PEM or SSH) or a pkcs11: URI, or unset it");
  }
  ::setenv(stages::kKeyVariable, std::filesystem::absolute(key).c_str(), 1);
}

}  // namespace

int run_run(int argc, char** argv) {
  stages::TargetOptions options;
  std::string out = "exitgate-run";
  std::string database;
  std::string server;
  std::vector<std::string> labels;
  bool reuse = false;
  Options app("Evaluates the exit gates of a repository and seals the evidence.", "exitgate run");
  app.add_target(options);
  app.add("--database", database, "URL of the live database to compare with, read only; default: none")
      .environment(stages::kDatabaseVariable);
  app.add("--server", server,
          "folder of the PostgreSQL server that the migrations run in (with initdb and postgres); by default "
          "one of "
          "the live server's major version")
      .environment(stages::kServerVariable);
  app.add("--label", labels,
          "only gates with a label that matches this regular expression, as ctest -L; given more than once, "
          "gates that match at least one of them");
  app.add_flag(
      "--reuse", reuse,
      "takes an unchanged provisioning from an earlier run on this machine; not for a run that is signed");
  app.add("--out", out, "folder for the run and its archive").show_default();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  if (!find_program("ctest"))
    throw UsageError("ctest is not installed", "install CMake: apt-get install cmake");
  if (!server.empty()) {
    ::setenv(stages::kServerVariable, std::filesystem::absolute(server).c_str(), 1);
  }
  if (!database.empty()) ::setenv(stages::kDatabaseVariable, database.c_str(), 1);
  if (reuse) ::setenv(stages::kReuseVariable, "1", 1);
  stages::may_reuse();
  find_key();

  const auto target = stages::open_target(options);
  auto suite = stages::suite_of(options, target);
  stages::add_missing_checks(suite);
  stages::require_valid(suite);
  const record::RunDirectory run{std::filesystem::absolute(out).lexically_normal()};
  marks::claim(run, marks::this_process());
  stages::clear_run(run);
  const stages::CTestFolder folder{run.root / ".ctest", run.root, run.root};
  std::error_code ignored;
  std::filesystem::remove_all(folder.build, ignored);
  stages::write_ctest_files(folder, "CTestTestfile.cmake", "CTestCustom.cmake", options, suite,
                            stages::database_timeout(target.config));
  std::vector<std::string> arguments = {
      "ctest", "--test-dir", folder.build.string(), "--no-tests=error", "--no-label-summary", "-j", "2"};
  if (!labels.empty()) arguments.insert(arguments.end(), {"-L", either(labels)});
  marks::expect_tests(run, tests_of(arguments));
  return exit_of_run(run, run_ctest(arguments), !labels.empty());
}

}  // namespace exitgate::cli
