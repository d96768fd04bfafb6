#include "harness/collect/schema/test_runs.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/ddl_watch.h"
#include "harness/collect/schema/masked_log.h"
#include "harness/collect/schema/test_reports.h"
#include "harness/collect/schema/working_copy.h"
#include "harness/collect/tests/files.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostChanges = 2000;
constexpr std::size_t kLongestText = 300;

// "logs/tests/base-code-on-new-schema"
std::string folder_of(std::string combination) {
  std::replace(combination.begin(), combination.end(), ' ', '-');
  return "logs/tests/" + combination;
}

// A path of the tree as a path of the archive, whose names every program can write.
std::string safe_path(const std::string& path) {
  std::string safe;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("._-/@+=,").find(c) != std::string_view::npos;
    safe += plain ? c : '_';
  }
  return safe;
}

std::string replaced(std::string text, const std::string& what, std::string_view with) {
  if (what.empty()) return text;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

// In one line, of so many bytes at most.
std::string shortened(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  if (line.size() > kLongestText) line = line.substr(0, kLongestText - 3) + "…";
  return valid_utf8(trim(line));
}

bool creates_table(const DdlEvent& event) {
  return event.kind == "table" && (event.command.starts_with("CREATE ") || event.command == "SELECT INTO");
}

std::vector<std::string> globs_of(const config::Tests& tests) {
  auto globs = tests.reports;
  globs.insert(globs.end(), tests.coverage.begin(), tests.coverage.end());
  return globs;
}

class Site {
 public:
  Site(const DatabaseStage& stage, const config::Database& declared, database::Cluster& cluster,
       const fs::path& tree, std::span<TestRun> runs)
      : stage_(stage),
        declared_(declared),
        cluster_(cluster),
        tree_(tree),
        runs_(runs),
        combination_(runs.front().combination),
        folder_(folder_of(combination_)),
        reports_(tree, globs_of(stage.config.tests)) {}

  TestTraces run() {
    make_directories(stage_.run / folder_);
    if (!cluster_.has_server()) {
      for (std::size_t at = 0; at < runs_.size(); ++at) run_one(at);
      report_missing();
      return std::move(traces_);
    }
    const auto before = objects_now(cluster_, stage_.redactor);
    DdlWatch watch(cluster_, database::kDatabaseName);
    for (std::size_t at = 0; at < runs_.size(); ++at) run_one(at);
    report_missing();
    note_changes(watch.end());
    const bool any_run =
        std::any_of(runs_.begin(), runs_.end(), [](const TestRun& run) { return run.result.ok(); });
    if (any_run && !watch.was_used() && combination_ == kHead) {
      traces_.problem = {
          "tests",
          "the tests opened no connection to the server of the migrated database: they ran on another "
          "database, or on none",
          "let them read DATABASE_URL, or PGHOST and its like, which name it"};
    }
    compare_with(before);
    return std::move(traces_);
  }

 private:
  void run_one(std::size_t position) {
    auto& run = runs_[position];
    stage_.say(fmt::format("tests: {}{}", run.step.run,
                           combination_ == kHead ? "" : fmt::format(" ({})", combination_)));
    run.log = fmt::format("{}/{}.log", folder_, position);
    MaskedLog log(stage_.run / run.log, stage_.redactor);
    const database::Provisioning provisioning(cluster_, declared_, tree_, log.sink());
    const int seconds = run.step.timeout_seconds > 0 ? run.step.timeout_seconds : declared_.timeout_seconds;
    run.result = provisioning.ask(run.step, std::chrono::seconds(seconds)).step;
    log.check();
    traces_.parts.push_back({.name = "test-log", .path = run.log});
    keep_reports(run, fmt::format("{}/{}", folder_, position));
  }

  void keep_reports(TestRun& run, const std::string& folder) {
    TestCounts counts;
    for (auto& report : reports_.written()) {
      if (!report.problem.empty()) {
        problems_.emplace_back(report.path, report.problem);
      } else if (report.is_coverage) {
        coverage_.insert(report.path);
      } else {
        found_.insert(report.path);
        ++run.reports;
      }
      if (report.foreign) continue;
      counts.tests += report.counts.tests;
      counts.failed += report.counts.failed;
      counts.skipped += report.counts.skipped;
      std::string kept;
      if (!report.content.empty()) kept = keep(folder, report);
      note(run, std::move(report), std::move(kept));
    }
    if (!run.result.ok()) return;
    if (counts.failed > 0) {
      run.result.outcome = fmt::format("exit code 0, but its reports say that {} of {} failed", counts.failed,
                                       count_of(counts.tests, "test"));
    } else if (counts.tests > 0 && counts.skipped == counts.tests) {
      run.result.outcome =
          fmt::format("exit code 0, but its reports say that every test was skipped ({})", counts.tests);
    }
  }

  // For the domain `tests`: what the tests of this commit say on its own schema.
  void note(const TestRun& run, TestReport report, std::string kept) {
    if (combination_ != kHead) return;
    const auto position = &run - runs_.data();
    traces_.reports.files.push_back({.path = report.path,
                                     .content = std::move(report.content),
                                     .problem = report.problem_of_file,
                                     .command = position,
                                     .root = tree_.string(),
                                     .line = run.step.line,
                                     .written_at = report.written_at,
                                     .kept = std::move(kept)});
  }

  // Where it is kept.
  std::string keep(const std::string& folder, const TestReport& report) {
    Part part{.name = "test-report", .path = fmt::format("{}/{}", folder, safe_path(report.path))};
    // Two names that are the same when they are made safe.
    for (int number = 2; !kept_.insert(part.path).second; ++number)
      part.path = fmt::format("{}/{}-{}", folder, number, safe_path(report.path));
    auto content = replaced(report.content, tree_.string() + "/", "");
    part.content = stage_.redactor.redact(replaced(std::move(content), cluster_.password(), "{password}"));
    make_directories((stage_.run / part.path).parent_path());
    auto path = part.path;
    traces_.parts.push_back(std::move(part));
    return path;
  }

  // The base's code may report otherwise: only what this commit declares must be there.
  void report_missing() {
    if (combination_ != kHead) return;
    for (const auto& glob : stage_.config.tests.reports) report_missing(glob, found_, "test report");
    for (const auto& glob : stage_.config.tests.coverage) report_missing(glob, coverage_, "coverage report");
  }

  void report_missing(const std::string& glob, const std::set<std::string>& found, const char* what) {
    const auto normal = fs::path(glob).lexically_normal().string();
    const auto fits = [&](const std::string& path) { return tests::is_report_of(normal, path); };
    if (std::any_of(found.begin(), found.end(), fits)) return;
    std::string problem = fmt::format("the tests wrote no {} '{}'", what, glob);
    std::string reason = fmt::format("the tests wrote no {} that fits it", what);
    for (const auto& [path, why] : problems_) {
      if (!fits(path)) continue;
      problem += fmt::format(": {}: {}", path, why);
      reason += fmt::format(": {}: {}", path, why);
      break;
    }
    traces_.parts.push_back({.name = "test-report", .problem = problem});
    traces_.reports.missing.push_back({glob, stage_.config.tests.line, reason});
  }

  void note_changes(const std::vector<DdlEvent>& events) {
    for (const auto& event : events) {
      const bool own = event.database != database::kDatabaseName;
      if (own && !creates_table(event)) continue;
      if (traces_.changes.size() == kMostChanges) break;
      traces_.changes.push_back({.combination = combination_,
                                 .command = event.command,
                                 .kind = event.kind,
                                 .identity = event.identity,
                                 .temporary = event.temporary,
                                 .committed = event.committed,
                                 .database = event.database,
                                 .text = shortened(event.text)});
    }
  }

  void compare_with(const std::vector<Object>& before) {
    const auto there =
        cluster_.connect("postgres", database::Cluster::administrator(), true)
            ->query(fmt::format("SELECT 1 FROM pg_database WHERE datname = '{}'", database::kDatabaseName));
    if (there.rows() == 0) {
      left_behind("DROP DATABASE", "database", database::kDatabaseName, "the database is gone");
      return;
    }
    for (const auto& one : compare(before, objects_now(cluster_, stage_.redactor)).differences) {
      if (seen(one)) continue;
      const char* const command = one.change == Change::added     ? "CREATE"
                                  : one.change == Change::removed ? "DROP"
                                                                  : "ALTER";
      left_behind(command, one.kind, one.identity, in_words({one}));
    }
  }

  // Marks the last statement that is about what differs, else the last about what that is a part of.
  bool seen(const Difference& difference) {
    const bool comment = difference.kind == "comment";
    // Of a comment: "table public.orders".
    const auto& identity = difference.identity;
    const std::size_t space = comment ? identity.find(' ') : std::string::npos;
    const std::string subject = space == std::string::npos ? identity : identity.substr(space + 1);
    for (const bool whole : {true, false}) {
      const auto is_about = [&](const TestChange& change) {
        if (change.database != database::kDatabaseName || change.temporary || change.identity.empty())
          return false;
        if (comment != (change.command == "COMMENT")) return false;
        return whole ? change.identity == subject : subject.starts_with(change.identity + ".");
      };
      const auto found = std::find_if(traces_.changes.rbegin(), traces_.changes.rend(), is_about);
      if (found == traces_.changes.rend()) continue;
      found->left_behind = true;
      return true;
    }
    return false;
  }

  void left_behind(const std::string& command, const std::string& kind, const std::string& identity,
                   const std::string& what) {
    traces_.changes.push_back({.combination = combination_,
                               .command = command,
                               .kind = kind,
                               .identity = identity,
                               .committed = true,
                               .database = database::kDatabaseName,
                               .left_behind = true,
                               .text = "by comparing the schema before and after: " + what});
  }

  const DatabaseStage& stage_;
  const config::Database& declared_;
  database::Cluster& cluster_;
  const fs::path& tree_;
  std::span<TestRun> runs_;
  std::string combination_;
  std::string folder_;
  TestReports reports_;
  std::set<std::string> found_;  // paths of test reports that count
  std::set<std::string> coverage_;
  std::set<std::string> kept_;
  std::vector<std::pair<std::string, std::string>> problems_;  // of files that match and are no reports
  TestTraces traces_;
};

}  // namespace

std::vector<TestRun> declared_runs(const config::Tests& tests, const char* combination) {
  std::vector<TestRun> runs;
  for (const auto& step : tests.run) runs.push_back({.combination = combination, .step = step});
  return runs;
}

TestTraces run_tests(const DatabaseStage& stage, const config::Database& declared, database::Cluster& cluster,
                     const fs::path& tree, std::span<TestRun> runs) {
  if (runs.empty()) return {};
  return Site(stage, declared, cluster, tree, runs).run();
}

}  // namespace exitgate::collect::schema
