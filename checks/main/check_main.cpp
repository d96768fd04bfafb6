// The main of every check executable: one gate's verdict, from the facts of a run.
//
//   <check> --run DIR --gate NAME    evaluates the gate that DIR/suite/gates/NAME.json describes
//   <check> --describe               prints the check's metadata as JSON
//
// Exit code: 0 pass, 1 fail, 77 skip, 3 error (also for a wrong call, so that it never reads as a failed gate).

#include <fmt/core.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/time.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"
#include "harness/redact/redactor.h"
#include "harness/verdict/verdict.h"

namespace {
using namespace exitgate;

constexpr int kError = 3;

// Attempts are counted here because `ctest --repeat` leaves no trace of them. The old verdict goes before the
// new one is made: a check that crashes must not leave the one before as its own.
int next_attempt(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file)) return 1;
  int attempt = 2;
  try {
    attempt = verdict::verdict_from_json(Json::parse(read_file(file))).attempt + 1;
  } catch (const std::exception&) {
    attempt = 2;  // unreadable, but it was there
  }
  std::filesystem::remove(file);
  return attempt;
}

int judge(const check::Check& check, const record::RunDirectory& run, const std::string& name) {
  const auto record = record::read_record(run);
  const verdict::Gate gate = verdict::gate_from_json(Json::parse(read_file(run.gate(name))));
  const int attempt = next_attempt(run.verdict(name));
  const std::string started_at = utc_now();
  verdict::Verdict verdict = evaluate(gate, check, {run.facts(), record.day()});
  verdict.attempt = attempt;
  verdict.started_at = started_at;
  write_file(run.verdict(name), to_json(verdict).dump(2) + "\n");
  // A gate's own SQL may put together what the facts hold masked.
  fmt::print("{}", redact::Redactor().redact(render(verdict)));
  return exit_code(verdict.status);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto checks = check::registered_checks();
    if (checks.size() != 1) throw Undecided("internal fault: this program holds no check, or more than one");
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (arguments.size() == 1 && arguments[0] == "--describe") {
      fmt::print("{}\n", verdict::to_json(*checks[0]).dump(2));
      return 0;
    }
    if (arguments.size() == 4 && arguments[0] == "--run" && arguments[2] == "--gate") {
      return judge(*checks[0], record::RunDirectory{arguments[1]}, arguments[3]);
    }
    fmt::print(stderr, "usage: {} --run DIR --gate NAME | --describe\n", checks[0]->name);
  } catch (const Error& error) {
    fmt::print(stderr, "exitgate: {}\n", error.what());
    if (!error.hint().empty()) fmt::print(stderr, "  > {}\n", error.hint());
  } catch (const std::exception& error) {
    fmt::print(stderr, "exitgate: internal fault: {}\n", error.what());
  }
  return kError;
}
