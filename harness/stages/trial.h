// `exitgate try`: one gate, evaluated for its author by the collectors and the checks of a run, on the facts that it reads and
// no more. What a run has beside that, this has not: the suite around the gate, stages and marks, evidence, a seal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"
#include "harness/stages/target.h"
#include "harness/verdict/verdict.h"

namespace exitgate::stages {

struct TrialOptions {
  TargetOptions target;
  // Takes exitgate.yaml from the work tree, as it is now; the facts are the commit's all the same.
  bool work_tree = false;
  std::string database_url;      // of a live database; "" for none
  std::filesystem::path server;  // folder of the embedded server's programs; "": it is looked for
  // Told before something that takes its time: "a database is provisioned".
  std::function<void(std::string_view line)> say = [](std::string_view) {};
};

struct Trial {
  verdict::Verdict verdict;
  std::vector<std::string> domains;   // whose facts were read
  std::int64_t changed = 0;           // rows that the counterexample changes
  std::vector<check::Finding> proof;  // what the gate finds after that
  std::int64_t collecting_ms = 0;
  std::int64_t judging_ms = 0;  // the gate, and then its counterexample
};

struct Trials {
  std::string commit;
  std::string gates_from;  // "exitgate.yaml of the work tree", "my-gate.yaml", "the suite"
  std::vector<Trial> trials;
};

// `gate`: a gate's name; or a file, of which all gates are tried: a gate file, or one entry of `gates:`; or "-" for such a
// file on standard input. Throws UsageError for what is wrong with any of it; what cannot be decided is a verdict.
Trials try_gates(const TrialOptions& options, const std::string& gate);

}  // namespace exitgate::stages
