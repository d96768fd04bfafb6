// CTest's post-step: completes the record of the run, writes the reports, seals the archive and prints the
// summary. Its failure makes ctest fail, so everything that would let a run look better than it was ends here
// with an error.

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/ctest.h"
#include "harness/json/json.h"
#include "harness/redact/redactor.h"
#include "harness/report/report.h"
#include "harness/stages/bundle.h"
#include "harness/stages/ctest_log.h"
#include "harness/stages/reports.h"
#include "harness/stages/run_record.h"
#include "harness/stages/sealing.h"
#include "harness/stages/target.h"
#include "harness/verdict/verdict.h"

namespace exitgate::cli {

namespace {

constexpr std::string_view kPrefix = "exitgate: ";  // of every message of the program

// What a stage said: the first line of its message, with the hint below it. "exitgate: no PostgreSQL server
// is installed" and "  > apt-get install postgresql" become one line.
std::string said(std::string_view output) {
  constexpr std::string_view kHint = "  > ";
  std::string message;
  std::string hint;
  for (const auto& line : split(output, '\n')) {
    if (message.empty() && !trim(line).empty()) {
      message = line.starts_with(kPrefix) ? line.substr(kPrefix.size()) : line;
    } else if (hint.empty() && line.starts_with(kHint)) {
      hint = line.substr(kHint.size());
    }
  }
  if (message.empty()) return "no output";
  return hint.empty() ? message : fmt::format("{} ({})", message, hint);
}

// A gate that was selected and left no verdict gets one that says so: it could not be decided.
Verdict missing_verdict(const Gate& gate, const stages::TestLog& log) {
  Verdict verdict = undecided_verdict(gate);
  verdict.reason = "the gate was selected and left no verdict";
  if (const auto own = log.outputs.find(gate.name); own != log.outputs.end()) {
    verdict.reason = fmt::format("the check left no verdict: {}", said(own->second));
  } else {
    for (const char* stage : {gate::kBegin, gate::kCollect, gate::kDatabase, gate::kSecrets}) {
      const auto failed = log.outputs.find(stage);
      if (failed == log.outputs.end()) continue;
      verdict.reason = fmt::format("not evaluated, because {} failed: {}", stage, said(failed->second));
      break;
    }
  }
  return verdict;
}

struct Counts {
  int pass = 0;
  int fail = 0;
  int skip = 0;
  int error = 0;
  int missing = 0;
};

// Reads the verdict of each selected gate, and writes one where it is missing.
Counts settle_verdicts(const record::RunDirectory& run, const stages::TestLog& log,
                       const std::vector<std::string>& selected) {
  Counts counts;
  for (const auto& name : selected) {
    const Gate gate = gate_from_json(Json::parse(read_file(run.gate(name))));
    std::optional<Verdict> verdict;
    if (std::filesystem::exists(run.verdict(name))) {
      try {
        verdict = verdict_from_json(Json::parse(read_file(run.verdict(name))));
      } catch (const std::exception&) {
        verdict.reset();  // unreadable is as good as missing
      }
    }
    if (!verdict) {
      verdict = missing_verdict(gate, log);
      write_file(run.verdict(name), to_json(*verdict).dump(2) + "\n");
      ++counts.missing;
    }
    switch (verdict->status) {
      case Status::pass:
        ++counts.pass;
        break;
      case Status::fail:
        ++counts.fail;
        break;
      case Status::skip:
        ++counts.skip;
        break;
      case Status::error:
        ++counts.error;
        break;
    }
  }
  return counts;
}

// What the suite asks the archive to hold and is not there fails the run, in its record and in its reports.
void settle_bundle(const record::RunDirectory& run, Json& record) {
  const auto asked = stages::asked_parts(run, record);
  if (asked.parts.empty() && asked.not_asked.empty()) return;
  const std::vector<std::string> members(gate::kMembers.begin(), gate::kMembers.end());
  const auto missing = record::missing_parts(record::payload_of(run.root, members), asked.parts);
  record["bundle"] = {{"asked", asked.parts.size()}, {"not_asked", asked.not_asked}, {"missing", missing}};
  if (!missing.empty() && record.at("outcome") == "pass") record["outcome"] = "fail";
  write_file(run.run(), record.dump(2) + "\n");
  if (!missing.empty()) stages::write_reports(run);
}

}  // namespace

int run_finish(int argc, char** argv) {
  std::string root;
  std::string archives;
  std::string build = ".";
  Options app("Completes and seals a run.", "exitgate finish");
  app.add("--run", root, "run directory").required();
  app.add("--archives", archives, "folder for the archive").required();
  app.add("--build", build, "ctest's folder");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const record::RunDirectory run{root};
  const auto log = stages::read_test_log(build);
  // `ctest -N` and an empty selection fire the post-step too: without a begin there is no run.
  if (!log.has(gate::kBegin)) return 0;
  if (!std::filesystem::exists(run.run())) {
    const auto begin = log.outputs.find(gate::kBegin);
    std::string reason(begin != log.outputs.end() ? trim(begin->second) : "the run did not begin");
    if (reason.starts_with(kPrefix)) reason.erase(0, kPrefix.size());
    throw UsageError(reason, "nothing was evaluated and nothing is sealed");
  }
  auto record = stages::read_record(run);
  std::vector<std::string> selected;
  std::vector<std::string> not_run;
  for (const auto& name : record.at("gates")) {
    (log.has(name.text()) ? selected : not_run).push_back(name.text());
  }
  const Counts counts = settle_verdicts(run, log, selected);
  auto redactor = Redactor::from_environment();
  redactor.add_url(stages::database_url());
  write_file(run.logs() / "ctest.log", redactor.redact(log.text));
  const bool decided = counts.missing == 0 && counts.error == 0;
  record["finished_at"] = utc_now();
  record["selected"] = selected;
  record["not_run"] = not_run;
  record["partial"] = !not_run.empty();
  record["outcome"] = counts.fail > 0 ? "fail" : !decided ? "error" : counts.pass > 0 ? "pass" : "skip";
  write_file(run.run(), record.dump(2) + "\n");

  stages::write_reports(run);
  settle_bundle(run, record);
  const auto archive = std::filesystem::path(archives) / (record.at("id").text() + ".tar.zst");
  const char* key = std::getenv(stages::kKeyVariable);
  std::string unsealed;
  try {
    stages::seal_run(run, archive, key != nullptr ? key : "");
  } catch (const Error& error) {
    unsealed =
        error.hint().empty() ? std::string(error.what()) : fmt::format("{} ({})", error.what(), error.hint());
  }
  const bool there = std::filesystem::exists(archive);
  fmt::print("{}", redactor.redact(report::render_summary(report::load_run(run.root),
                                                          {.archive = there ? archive.string() : ""})));
  if (!unsealed.empty()) throw Undecided(there ? unsealed : fmt::format("nothing is sealed: {}", unsealed));
  if (counts.missing > 0) {
    fmt::print(stderr, "exitgate: {} left no verdict\n",
               count_of(static_cast<std::size_t>(counts.missing), "selected gate"));
    return static_cast<int>(Exit::undecided);
  }
  // A stage whose gates were all skipped would be green by accident: for want of a database URL, say.
  return static_cast<int>(record["outcome"] == "skip" ? Exit::undecided : Exit::good);
}

}  // namespace exitgate::cli
