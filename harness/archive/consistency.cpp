#include "harness/archive/consistency.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/record/run_summary.h"

namespace exitgate::archive {

namespace {

using record::Outcome;

class Comparison {
 public:
  Comparison(const record::RunRecord& run, const Info& info, const RunDocuments& documents)
      : run_(run), info_(info), documents_(documents), incomplete_(incomplete_of(info)) {}

  std::vector<std::string> problems(const std::string& suite_digest) {
    compare("tree", run_.tree, "Exitgate-Tree");
    compare_suite_digest(suite_digest);
    compare_selected();
    compare_gates();
    compare_counts();
    if (run_.version >= 2) {
      compare_outcome();
    } else {
      compare_first_outcome();
    }
    return std::move(problems_);
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> form, Values&&... values) {
    problems_.push_back(fmt::format(form, std::forward<Values>(values)...));
  }

  void compare(const char* what, const std::string& named, const char* label) {
    const std::string told = info_value(info_, label);
    if (named != told) add("run.json names {} {}, bag-info.txt {}", what, named, told);
  }

  bool is_withheld(const std::string& path) const { return record::is_withheld(incomplete_, path); }

  void compare_suite_digest(const std::string& sealed) {
    const std::string told = info_value(info_, "Exitgate-Suite");
    if (run_.has_comparable_digest()) compare("the suite digest", run_.suite_digest, "Exitgate-Suite");
    if (sealed.empty() || (told.empty() && run_.version < 2)) return;
    if (sealed != told) add("the digest of the sealed suite is {}, bag-info.txt says {}", sealed, told);
  }

  void compare_selected() {
    if (!run_.result) return;
    const std::set<std::string> selected(run_.result->selected.begin(), run_.result->selected.end());
    for (const auto& gate : selected) {
      if (documents_.verdicts.contains(gate)) continue;
      const std::string path = fmt::format("verdicts/{}.json", gate);
      if (is_withheld(path)) {
        withheld_ = true;
        unseen_ = unseen_ || !record::is_withheld(run_.result->incomplete, path);
      } else {
        add("{} was evaluated and its verdict is missing", gate);
      }
    }
    for (const auto& [gate, verdict] : documents_.verdicts) {
      if (!selected.contains(gate)) add("{} was not evaluated and has a verdict", gate);
    }
  }

  void compare_gates() {
    const std::set<std::string> gates(run_.gates.begin(), run_.gates.end());
    for (const auto& gate : gates) {
      if (!documents_.gates.contains(gate) && !is_withheld(fmt::format("suite/gates/{}.json", gate)))
        add("{} is a gate of the run and not in its suite", gate);
    }
    for (const auto& gate : documents_.gates) {
      if (!gates.contains(gate)) add("{} is in the suite and is not a gate of the run", gate);
    }
    if (run_.version < 3) return;
    const std::set<std::string> core(run_.core.begin(), run_.core.end());
    for (const auto& gate : documents_.gates) {
      const bool in_suite = documents_.core.contains(gate);
      if (in_suite != core.contains(gate))
        add("{} is {}a core gate in the suite, and {} in run.json", gate, in_suite ? "" : "not ",
            in_suite ? "not one" : "one");
    }
  }

  void compare_counts() {
    const std::string told = info_value(info_, "Exitgate-Verdicts");
    if (withheld_ || told.empty()) return;
    std::vector<record::GateResult> gates;
    for (const auto& gate : documents_.gates) {
      if (!documents_.verdicts.contains(gate)) gates.push_back({gate, std::nullopt, false, false});
    }
    for (const auto& [gate, verdict] : documents_.verdicts)
      gates.push_back({gate, verdict.status, verdict.waived, verdict.not_applicable});
    const std::string counted = record::verdict_counts(gates);
    if (told != counted) add("bag-info.txt counts {}, the verdicts are {}", told, counted);
  }

  void compare_outcome() {
    if (run_.result) {
      const Outcome decided = record::outcome_of(run_, documents_.verdicts, run_.result->incomplete);
      // A verdict that sealing withheld is named in bag-info.txt alone.
      if (!unseen_ && decided != run_.result->outcome)
        add("run.json says the outcome is {}, and its verdicts amount to {}",
            outcome_name(run_.result->outcome), outcome_name(decided));
    }
    const std::string told = info_value(info_, "Exitgate-Outcome");
    const auto decided = outcome_name(record::outcome_of(run_, documents_.verdicts, incomplete_));
    if (told != decided) add("bag-info.txt says the outcome is {}, and it amounts to {}", told, decided);
  }

  // As records of version 1 were written: more may fail such a run than its gates, never less.
  void compare_first_outcome() {
    if (!run_.result) return;
    const auto outcome = outcome_name(run_.result->outcome);
    const std::string told = info_value(info_, "Exitgate-Outcome");
    if (!told.empty() && told != outcome && incomplete_.empty())
      add("run.json names outcome {}, bag-info.txt {}", outcome, told);
    std::size_t red = 0;
    bool passed = false;
    for (const auto& [gate, verdict] : documents_.verdicts) {
      red += verdict.status == verdict::Status::fail || verdict.status == verdict::Status::error ? 1 : 0;
      passed = passed || verdict.status == verdict::Status::pass;
    }
    if ((run_.result->outcome == Outcome::pass || run_.result->outcome == Outcome::skip) && red > 0)
      add("the outcome is {}, and {} of the verdicts {} fail or error", outcome, red,
          red == 1 ? "is" : "are");
    if (run_.result->outcome == Outcome::pass && !passed && !withheld_)
      add("the outcome is {}, and none of the verdicts is", outcome);
  }

  const record::RunRecord& run_;
  const Info& info_;
  const RunDocuments& documents_;
  const std::vector<std::string> incomplete_;
  bool withheld_ = false;  // a verdict
  bool unseen_ = false;    // a verdict that was withheld after the run had ended
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> incomplete_of(const Info& info) {
  std::vector<std::string> lines;
  for (const auto& [label, value] : info) {
    if (label == "Exitgate-Incomplete") lines.push_back(value);
  }
  return lines;
}

std::vector<std::string> record_problems(const record::RunRecord& run, const Info& info,
                                         const RunDocuments& documents, const std::string& suite_digest) {
  return Comparison(run, info, documents).problems(suite_digest);
}

}  // namespace exitgate::archive
