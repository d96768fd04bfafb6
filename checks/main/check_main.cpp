// The main of every check executable: one gate's verdict, from the facts of a run.
//
//   <check> --run DIR --gate NAME [--timeout S] [--after STAGE]...    evaluates the gate that DIR/suite/gates/NAME.json
//                                                                     describes, as a part of the run in DIR
//   <check> --evaluate DIR NAME                                       prints the gate's verdict as JSON and writes nothing:
//                                                                     for a replay
//   <check> --describe                                                prints the check's metadata as JSON
//
// The gate is evaluated in a child process, under a mark (harness/marks), so that a check that crashes or hangs leaves
// a verdict that says so. --after names the stages whose facts it needs.
//
// Exit code: 0 pass, 1 fail, 77 skip, 3 error (also for a wrong call, so that it never reads as a failed gate).

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/output.h"
#include "harness/json/json.h"
#include "harness/marks/mark.h"
#include "harness/marks/note.h"
#include "harness/marks/owner.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"
#include "harness/redact/redactor.h"
#include "harness/verdict/verdict.h"

namespace {
using namespace exitgate;

struct Call {
  record::RunDirectory run;
  std::string gate;
  int timeout_seconds = 0;
  std::vector<std::string> after;
};

// nullopt for a wrong call.
std::optional<Call> call_of(const std::vector<std::string>& arguments) {
  Call call;
  for (std::size_t i = 0; i < arguments.size(); i += 2) {
    if (i + 1 == arguments.size()) return std::nullopt;
    const std::string& value = arguments[i + 1];
    if (arguments[i] == "--run") {
      call.run.root = value;
    } else if (arguments[i] == "--gate") {
      call.gate = value;
    } else if (arguments[i] == "--timeout") {
      call.timeout_seconds = std::atoi(value.c_str());
    } else if (arguments[i] == "--after") {
      call.after.push_back(value);
    } else {
      return std::nullopt;
    }
  }
  if (call.run.root.empty() || call.gate.empty()) return std::nullopt;
  return call;
}

verdict::Gate read_gate(const Call& call) {
  return verdict::gate_from_json(Json::parse(read_file(call.run.gate(call.gate))));
}

void write_verdict(const Call& call, const verdict::Verdict& verdict) {
  write_file(call.run.verdict(call.gate), to_json(verdict).dump(2) + "\n");
}

verdict::Verdict undecided(const Call& call, const marks::Mark& mark, const std::string& reason) {
  verdict::Verdict verdict = verdict::undecided_verdict(read_gate(call));
  verdict.reason = reason;
  verdict.attempt = mark.attempt;
  verdict.started_at = mark.began_at;
  return verdict;
}

int evaluate_gate(const check::Check& check, const Call& call, const std::string& today,
                  const marks::Mark& mark) {
  try {
    const auto missing = marks::problem_of_stages(call.run, call.after);
    verdict::Verdict verdict;
    if (missing.empty()) {
      verdict = evaluate(read_gate(call), check, {call.run.facts(), today});
      verdict.attempt = mark.attempt;
      verdict.started_at = mark.began_at;
    } else {
      verdict = undecided(call, mark, fmt::format("not evaluated, because {}", missing));
    }
    write_verdict(call, verdict);
    // A gate's own SQL may put together what the facts hold masked.
    say(redact::Redactor().redact(render(verdict)));
    return exit_code(verdict.status);
  } catch (const Error& error) {
    say_problem(error.what(), error.hint());
  } catch (const std::exception& error) {
    say_problem(fmt::format("internal fault: {}", error.what()));
  }
  return exit_code(verdict::Status::error);
}

int judge(const check::Check& check, const Call& call) {
  marks::end_with_parent();
  try {
    marks::require_own_run(call.run);
  } catch (const Error& error) {
    marks::note_for_parent(call.run, error);
    throw;
  }
  const auto record = record::read_record(call.run);
  const auto mark = marks::run_marked(
      call.run, {call.gate, record.id, call.timeout_seconds},
      [&](const marks::Mark& begun) {
        // A check that crashes must not leave the verdict of the attempt before as its own.
        std::filesystem::remove(call.run.verdict(call.gate));
        return evaluate_gate(check, call, record.day(), begun);
      },
      [&](marks::Mark& ended) {
        if (!ended.fault.empty())
          write_verdict(call, undecided(call, ended, fmt::format("the check {}", ended.fault)));
      });
  return mark.exit_code;
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
    if (arguments.size() == 3 && arguments[0] == "--evaluate") {
      const record::RunDirectory run{arguments[1]};
      const auto gate = verdict::gate_from_json(Json::parse(read_file(run.gate(arguments[2]))));
      fmt::print("{}\n",
                 to_json(evaluate(gate, *checks[0], {run.facts(), record::read_record(run).day()})).dump(2));
      return 0;
    }
    if (const auto call = call_of(arguments)) return judge(*checks[0], *call);
    fmt::print(stderr,
               "usage: {} --run DIR --gate NAME [--timeout S] [--after STAGE]... | --evaluate DIR NAME | "
               "--describe\n",
               checks[0]->name);
  } catch (const Error& error) {
    say_problem(error.what(), error.hint());
  } catch (const std::exception& error) {
    say_problem(fmt::format("internal fault: {}", error.what()));
  }
  return exit_code(verdict::Status::error);
}
