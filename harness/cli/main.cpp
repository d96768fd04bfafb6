// exitgate: exit gates for a repository and its database, with evidence that anyone can re-verify.

#include <fmt/core.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cli/as_test.h"
#include "harness/cli/command.h"
#include "harness/stages/version.h"

namespace {

using namespace exitgate;
using namespace exitgate::cli;

struct Subcommand {
  const char* name;
  const char* summary;  // "": called by ctest only
  int (*run)(int argc, char** argv);
};

constexpr std::array<Subcommand, 24> kSubcommands = {{
    {"run", "evaluate the exit gates of a repository and seal the evidence", run_run},
    {"gates", "list the gates of the suite and what they check", run_gates},
    {"explain", "explain a gate or a check", run_explain},
    {"try", "evaluate one gate for its author", run_try},
    {"test", "run the tests of a suite of gates", run_test},
    {"query", "ask the facts of a commit, a run or an archive", run_query},
    {"schema", "print the JSON Schema of gate files or exitgate.yaml", run_schema},
    {"collect", "write the facts of a repository or a database", run_collect},
    {"tables", "print every fact table and column with its meaning", run_tables},
    {"seal", "pack a run into an archive", run_seal},
    {"show", "show a run's evidence in one screen", run_show},
    {"verify", "verify an archive, offline", run_verify},
    {"diff", "compare two archives", run_diff},
    {"blindspots", "show which facts could change without any gate noticing", run_blindspots},
    {"push", "store an archive, or a suite of gates, in a registry", run_push},
    {"pull", "fetch an archive from a registry", run_pull},
    {"report", "render a run or an archive for people and tools", run_report},
    {"init", "write a first exitgate.yaml for a repository", run_init},
    {"doctor", "say what this machine lacks", run_doctor},
    {"discover", "", run_discover},
    {"suite", "", run_suite},
    {"begin", "", run_begin},
    {"stage", "", run_stage},
    {"finish", "", run_finish},
}};

void print_usage(std::FILE* to) {
  fmt::print(
      to,
      "exitgate {}: exit gates for a repository and its database\n\nusage: exitgate COMMAND [OPTION]...\n\n",
      stages::kVersion);
  for (const auto& command : kSubcommands) {
    if (*command.summary != '\0') fmt::print(to, "  {:<10} {}\n", command.name, command.summary);
  }
  fmt::print(
      to,
      "\n`exitgate COMMAND --help` says more. Exit codes: 0 all good, 1 a gate or a verification failed,\n"
      "2 wrong usage or configuration, 3 could not decide.\n");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::string name = argc > 1 ? argv[1] : "";
    if (name == "--version") {
      fmt::print("exitgate {}\n", stages::kVersion);
      return 0;
    }
    if (name == "--help" || name == "-h" || name == "help") {
      print_usage(stdout);
      return 0;
    }
    if (name.empty()) {
      print_usage(stderr);
      return static_cast<int>(Exit::usage);
    }
    std::vector<std::string> known;
    for (const auto& command : kSubcommands) {
      if (name == command.name) return command.run(argc - 1, argv + 1);
      if (*command.summary != '\0') known.emplace_back(command.name);
    }
    throw UsageError(fmt::format("unknown command '{}'{}", name, did_you_mean(name, known)),
                     "see exitgate --help");
  } catch (const Error& error) {
    return print_error(error);
  } catch (const std::exception& error) {
    return print_error(Undecided(fmt::format("internal fault: {}", error.what())));
  }
}
