// `exitgate run`: the whole suite without a CMake project. It writes the CTest files itself and runs ctest.

#include <fmt/core.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/record/run_summary.h"
#include "harness/stages/clear_run.h"
#include "harness/stages/ctest_files.h"
#include "harness/stages/ctest_log.h"
#include "harness/stages/sealing.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

// ctest in our own process group, so that Ctrl-C on a terminal reaches it and its tests as it would without us.
int run_ctest(const std::vector<std::string>& arguments) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (const auto& argument : arguments) pointers.push_back(const_cast<char*>(argument.c_str()));
  pointers.push_back(nullptr);
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw Undecided(fmt::format("cannot start ctest: {}", std::strerror(errno)));
  if (child == 0) {
    ::execvp("ctest", pointers.data());
    ::_exit(127);
  }
  ::signal(SIGINT, SIG_IGN);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

// ctest knows only "failed": the run's own record tells a red gate from one that could not be decided.
Exit exit_of_run(const record::RunDirectory& run, int ctest) {
  try {
    const Exit exit = record::exit_of(record::summarize(run.root).outcome);
    return exit == Exit::good && ctest != 0 ? Exit::undecided : exit;
  } catch (const Error&) {
    return Exit::undecided;
  }
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
  std::vector<std::string> labels;
  Options app("Evaluates the exit gates of a repository and seals the evidence.", "exitgate run");
  app.add_target(options);
  app.add("--database", database, "URL of the live database to compare with, read only; default: none")
      .environment(stages::kDatabaseVariable);
  app.add("--label", labels, "only gates with a label that matches this regular expression, as ctest -L");
  app.add("--out", out, "folder for the run and its archive").show_default();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  if (!find_program("ctest"))
    throw UsageError("ctest is not installed", "install CMake: apt-get install cmake");
  if (!database.empty()) ::setenv(stages::kDatabaseVariable, database.c_str(), 1);
  find_key();

  const auto target = stages::open_target(options);
  const auto suite = stages::suite_of(options, target);
  stages::require_valid(suite);
  const record::RunDirectory run{std::filesystem::absolute(out).lexically_normal()};
  stages::clear_run(run);
  const stages::CTestFolder folder{run.root / ".ctest", run.root, run.root};
  std::error_code ignored;
  std::filesystem::remove_all(folder.build, ignored);
  stages::write_ctest_files(folder, "CTestTestfile.cmake", "CTestCustom.cmake", options, suite,
                            stages::database_timeout(target.config));
  std::vector<std::string> arguments = {
      "ctest", "--test-dir", folder.build.string(), "--no-tests=error", "--no-label-summary", "-j", "2"};
  for (const auto& label : labels) arguments.insert(arguments.end(), {"-L", label});
  const int ctest = run_ctest(arguments);
  if (!std::filesystem::exists(run.run())) {
    if (stages::read_test_log(folder.build).has(gate::kBegin)) {
      throw Undecided("the run did not begin, and nothing was evaluated", "see above for the reason");
    }
    throw UsageError(labels.empty() ? "no gate was evaluated" : "no gate has a label that matches --label",
                     "`exitgate gates` lists the gates and their labels");
  }
  return static_cast<int>(exit_of_run(run, ctest));
}

}  // namespace exitgate::cli
