#include "harness/stages/finishing.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/time.h"
#include "harness/gate/ctest.h"
#include "harness/record/run_record.h"
#include "harness/redact/redactor.h"
#include "harness/stages/bundle.h"
#include "harness/stages/measuring.h"
#include "harness/stages/reports.h"
#include "harness/stages/sealing.h"
#include "harness/stages/target.h"
#include "harness/stages/verdicts.h"

namespace exitgate::stages {

namespace {

// logs/ctest.log: what each stage and each check printed, in the order of running.
std::string log_of(const record::RunDirectory& run, const std::vector<marks::Mark>& marks) {
  std::string text;
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const auto& mark = marks[i];
    text += fmt::format("{}/{} Test: {}\nBegan: {}, attempt {}\n", i + 1, marks.size(), mark.test,
                        mark.began_at, mark.attempt);
    text += "Output:\n----------------------------------------------------------\n";
    const auto output = marks::output_of(run, mark);
    text += output;
    if (!output.empty() && output.back() != '\n') text += '\n';
    text += "<end of output>\n";
    if (const auto fault = mark.fault_text(); !fault.empty()) {
      text += fmt::format("Ended: {}\n\n", fault);
    } else {
      text += fmt::format("Ended: exit code {} after {:.3f} s\n\n", mark.exit_code,
                          static_cast<double>(mark.duration_ms) / 1000.0);
    }
  }
  return text;
}

void write_log(const record::RunDirectory& run, const std::vector<marks::Mark>& marks) {
  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(database_url());
  write_file(run.logs() / "ctest.log", redactor.redact(log_of(run, marks)));
}

// By a check's own exit code, not by the verdict that we wrote for want of one.
bool is_red_to_ctest(const std::vector<std::string>& selected, const std::vector<marks::Mark>& marks) {
  const int skip = exit_code(verdict::Status::skip);
  return std::any_of(selected.begin(), selected.end(), [&](const std::string& gate) {
    const auto* const mark = marks::last_attempt(marks, gate);
    return mark != nullptr && mark->ended && mark->exit_code != 0 && mark->exit_code != skip;
  });
}

}  // namespace

FinishedRun finish_run(const record::RunDirectory& run, const std::filesystem::path& archives,
                       const std::string& key) {
  auto record = record::read_record(run);
  auto marks = marks::read_marks(run);
  // That of this end of the run, which goes on.
  std::erase_if(marks, [](const marks::Mark& mark) { return mark.test == gate::kSeal; });
  const auto selection = selection_of(run, record, marks);
  record::RunResult result;
  result.selected = selection.selected;
  result.not_run = selection.not_run;

  // Collect.
  const auto collected = collect_verdicts(run, marks, result.selected);
  write_log(run, marks);
  const auto insensitive = measure_sensitivity(run);

  // Decide.
  const auto asked = asked_parts(run, result.selected, result.not_run);
  std::vector<std::string> to_come = report_names();
  to_come.emplace_back("run.json");
  auto assessment = archive::assess(seal_options(run, result.selected, asked), to_come);
  assessment.problems.insert(assessment.problems.end(), insensitive.begin(), insensitive.end());
  if (!asked.parts.empty() || !asked.not_asked.empty()) {
    auto files = assessment.files;
    for (const auto& name : to_come) files.push_back({name, 1});
    result.bundle = {asked.parts.size(), asked.not_asked, record::missing_parts(files, asked.parts)};
  }
  result.finished_at = utc_now();
  result.incomplete = assessment.problems;
  record.result = std::move(result);
  record.result->outcome = record::outcome_of(record, collected.verdicts, record.result->incomplete);

  // Write, render, seal. Of two runs of a commit in one second, neither archive takes the other's place.
  const auto archive_of = [&] { return archives / (record.id + ".tar.zst"); };
  const std::string id = record.id;
  for (int next = 2; std::filesystem::exists(archive_of()); ++next)
    record.id = fmt::format("{}-{}", id, next);
  record::write_record(run, record);
  write_reports(run);
  FinishedRun finished;
  finished.outcome = record.result->outcome;
  finished.accepts_partial = record.accepts_partial;
  finished.without_verdict = collected.missing;
  finished.is_red_to_ctest = is_red_to_ctest(selection.selected, marks);
  try {
    const auto sealed = seal_run(run, archive_of(), key, "", false, std::move(assessment));
    finished.archive = sealed.archive;
  } catch (const archive::Incomplete& incomplete) {
    finished.archive = incomplete.sealed.archive;
    finished.outcome = incomplete.sealed.outcome;
  } catch (const Error& error) {
    finished.unsealed =
        error.hint().empty() ? std::string(error.what()) : fmt::format("{} ({})", error.what(), error.hint());
  }
  return finished;
}

}  // namespace exitgate::stages
