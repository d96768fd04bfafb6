#include "harness/stages/finishing.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/time.h"
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

void write_log(const record::RunDirectory& run, const TestLog& log) {
  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(database_url());
  write_file(run.logs() / "ctest.log", redactor.redact(log.text));
}

// Red by its own check, not by the verdict that we wrote for want of one.
bool is_red_by_itself(const CollectedVerdicts& collected) {
  return std::any_of(collected.verdicts.begin(), collected.verdicts.end(), [&](const auto& one) {
    const auto& [gate, verdict] = one;
    const bool red = verdict.status == verdict::Status::fail || verdict.status == verdict::Status::error;
    return red &&
           std::find(collected.missing.begin(), collected.missing.end(), gate) == collected.missing.end();
  });
}

}  // namespace

FinishedRun finish_run(const record::RunDirectory& run, const TestLog& log,
                       const std::filesystem::path& archives, const std::string& key) {
  auto record = record::read_record(run);
  record::RunResult result;
  for (const auto& gate : record.gates) {
    (log.has(gate) ? result.selected : result.not_run).push_back(gate);
  }

  // Collect.
  const auto collected = collect_verdicts(run, log, result.selected);
  write_log(run, log);
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

  // Write, render, seal.
  record::write_record(run, record);
  write_reports(run);
  FinishedRun finished;
  finished.outcome = record.result->outcome;
  finished.without_verdict = collected.missing;
  finished.is_red_to_ctest = is_red_by_itself(collected);
  const auto archive = archives / (record.id + ".tar.zst");
  try {
    const auto sealed = seal_run(run, archive, key, "", false, std::move(assessment));
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
