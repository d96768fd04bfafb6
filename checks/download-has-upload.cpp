#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/base/minimatch.h"
#include "harness/base/text.h"
#include "harness/check/exclusive.h"
#include "harness/check/providers.h"
#include "harness/check/run_view.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

constexpr std::string_view kNothing = "no step downloads an artifact of its own run";

// Pairs that are compared, over all: a repository of nothing but matrices must not take minutes.
constexpr std::size_t kMostPairs = 500'000;

// What a step of a download, or of a merge, says wherever it runs.
struct Written {
  std::string job;
  bool named = false;      // asks for one artifact, by its name
  bool by_id = false;      // what it asks for cannot be told
  bool elsewhere = false;  // perhaps an action or workflow of another repository uploads what it asks for
};

using Place = std::pair<std::string, std::int64_t>;  // file, line
using Uploads = std::vector<const RunArtifact*>;

Place place_of(const RunArtifact& one) {
  return {one.artifact.file, one.artifact.line};
}

std::string at(const RunArtifact& one) {
  return fmt::format("{}:{}", one.artifact.file, one.artifact.line);
}

// The names under which each run (by its root workflow) uploads: literal, or globs where a part is computed.
std::map<std::string, std::vector<std::string>> uploads_by_run(const Facts& facts) {
  std::map<std::string, std::vector<std::string>> uploads;
  for (const Row& row :
       facts.query(std::string(kRuns) +
                   "SELECT run.root AS root, coalesce(a.artifact_name, a.name, 'artifact') AS name "
                   "FROM run JOIN ci.artifact a "
                   "ON a.file = run.file AND a.direction = 'upload' ORDER BY 1, 2")) {
    auto& names = uploads[row.text("root")];
    const auto pattern = name_pattern(row.text("name"));
    if (names.empty() || names.back() != pattern) names.push_back(pattern);
  }
  return uploads;
}

// What is found wrong with a download in one run.
struct Verdict {
  bool decided = true;
  std::string message;  // "": nothing
  std::string hint;
};

class DownloadHasUpload {
 public:
  DownloadHasUpload(const Facts& facts, Report& report)
      : facts_(facts), view_(facts), providers_(facts), by_run_(uploads_by_run(facts)), report_(report) {
    for (const Row& row :
         facts.query("SELECT file, line, job, direction, name, artifact_ids, uploads FROM ci.artifact")) {
      Written& written = written_[{row.text("file"), row.integer("line")}];
      written.job = row.text("job");
      written.by_id = !row.is_null("artifact_ids");
      written.named =
          row.text("direction") == "download" && !row.is_null("name") && !trim(row.text("name")).empty();
      written.elsewhere = row.text("direction") == "download" && row.is_null("uploads");
    }
    for (const Row& row :
         facts.query(std::string(kRuns) +
                     "SELECT DISTINCT run.root AS root FROM run JOIN ci.action_use u ON u.file = run.file "
                     "WHERE u.position IS NULL AND u.pin <> 'local'")) {
      calls_others_.insert(row.text("root"));
    }
    for (const RunArtifact& one : view_.artifacts()) {
      if (one.artifact.direction == ci::Direction::upload)
        uploads_[{one.job->root, one.job->event}].push_back(&one);
    }
  }

  void run() {
    for (const RunArtifact& one : view_.artifacts()) {
      const bool is_merge = one.artifact.merges.has_value();
      if (one.artifact.direction == ci::Direction::upload && !is_merge) continue;
      if (one.artifact.other_run || written_[place_of(one)].by_id) continue;
      if (providers_.of(one.artifact.file).artifacts_by != ci::ProviderArtifactsBy::name) continue;
      if (seen_.insert({one.job->root, place_of(one)}).second) report_.examined();
      if (found_.contains({one.job->root, place_of(one)})) continue;
      say(one, look(one));
    }
    look_at_other_runs();
  }

 private:
  void say(const RunArtifact& download, Verdict verdict) {
    if (verdict.message.empty()) return;
    found_.insert({download.job->root, place_of(download)});
    Finding finding{
        .key = fmt::format("{}:{}:{}:{}", download.artifact.file, written_[place_of(download)].job,
                           wanted(download), download.job->root),
        .file = download.artifact.file,
        .line = download.artifact.line,
        .message = std::move(verdict.message),
        .hint = std::move(verdict.hint)};
    if (verdict.decided) {
      report_.fail(std::move(finding));
    } else {
      report_.undecided(std::move(finding));
    }
  }

  static std::string wanted_pattern(const RunArtifact& download) {
    return download.artifact.pattern ? *download.artifact.pattern : pattern_of(download);
  }
  // The names that it asks for, as a glob.
  static std::string pattern_of(const RunArtifact& download) {
    if (download.artifact.merges) return *download.artifact.merges;
    return download.artifact.name_pattern.value_or("*");
  }
  static std::string wanted(const RunArtifact& download) {
    if (download.artifact.name) return *download.artifact.name;
    if (download.artifact.pattern) return *download.artifact.pattern;
    if (download.artifact.merges) return *download.artifact.merges;
    return download.artifact.name_key.value_or(pattern_of(download));
  }

  // As the action reads its `pattern:`; nullptr where it asks by name, or for everything.
  const MinimatchPattern* minimatch(const RunArtifact& download) {
    if (!download.artifact.pattern) return nullptr;
    return &patterns_.try_emplace(*download.artifact.pattern, *download.artifact.pattern).first->second;
  }

  // Whether the upload's name can be one that the download asks for.
  bool fits(const RunArtifact& upload, const RunArtifact& download) {
    if (&upload == &download) return false;
    const auto& artifact = upload.artifact;
    if (artifact.name_key && artifact.name_key == download.artifact.name_key) return true;
    const std::string names = artifact.name_pattern.value_or("*");
    if (const MinimatchPattern* pattern = minimatch(download)) return pattern->can_match(names);
    return globs_meet(pattern_of(download), names);
  }

  // Whether a name is surely among those that a pattern asks for.
  bool takes(const RunArtifact& download, const std::string& name) {
    if (const MinimatchPattern* pattern = minimatch(download)) {
      return pattern->is_exact() && pattern->can_match(name);
    }
    return glob_match(pattern_of(download), name);
  }

  // Whether it is what the download asks for, and not something that is not seen.
  bool surely_fits(const RunArtifact& upload, const RunArtifact& download) {
    const auto& artifact = upload.artifact;
    const Written& written = written_[place_of(download)];
    if (artifact.name_key && artifact.name_key == download.artifact.name_key) return true;
    if (written.named || calls_others_.contains(download.job->root)) return false;
    return artifact.name && takes(download, *artifact.name);
  }

  Verdict look(const RunArtifact& download) {
    const auto run = uploads_.find({download.job->root, download.job->event});
    const Uploads all = run == uploads_.end() ? Uploads() : run->second;
    Uploads left;
    pairs_ += all.size();
    if (pairs_ > kMostPairs) {
      return {
          false,
          fmt::format("downloads '{}', which is not compared with the uploads of its run: there are too many",
                      wanted(download)),
          "split the workflow"};
    }
    for (const RunArtifact* upload : all) {
      if (fits(*upload, download)) left.push_back(upload);
    }
    if (left.empty()) return not_uploaded(download);
    if (Verdict late = not_yet_there(download, left); !late.message.empty()) return late;
    const RunArtifact* excluded = left.front();
    std::erase_if(left, [&](const RunArtifact* upload) {
      return exclusions_.ask(upload->artifact.only_if, download.artifact.only_if) == Together::never;
    });
    if (left.empty()) {
      return {
          true,
          fmt::format(
              "{}, which {} uploads only where this step does not run: their conditions exclude each other",
              asks(download), at(*excluded)),
          "let both run under the same conditions"};
    }
    if (Verdict deleted = deleted_before(download, left, all); !deleted.message.empty()) return deleted;
    return only_after_failure(download, left);
  }

  // "downloads 'logs'", "downloads what fits 'logs-*'"
  std::string asks(const RunArtifact& download) {
    if (download.artifact.merges) return fmt::format("merges what fits '{}'", wanted_pattern(download));
    if (written_[place_of(download)].named) return fmt::format("downloads '{}'", wanted(download));
    return download.artifact.name_pattern ? fmt::format("downloads what fits '{}'", wanted_pattern(download))
                                          : std::string("downloads every artifact");
  }

  std::string consequence(const RunArtifact& download) {
    return written_[place_of(download)].named || download.artifact.merges
               ? "the step fails each time it runs"
               : "the step gets nothing, and stays green";
  }

  Verdict not_uploaded(const RunArtifact& download) {
    const std::string root = download.job->root;
    return not_uploaded(asks(download), written_[place_of(download)].named ? wanted(download) : "", root,
                        providers_.of(download.artifact.file), written_[place_of(download)].elsewhere,
                        consequence(download));
  }

  // `name`: that it asks for, "" where it asks for several.
  Verdict not_uploaded(const std::string& asks, const std::string& name, const std::string& root,
                       const ci::Provider& provider, bool elsewhere, const std::string& consequence) {
    if (elsewhere) {
      return {
          false,
          fmt::format(
              "{}, which no step that can be seen uploads; an action or workflow of another repository may",
              asks),
          provider.upload_hint};
    }
    const auto found = by_run_.find(root);
    static const std::vector<std::string> kNone;
    const auto& names = found == by_run_.end() ? kNone : found->second;
    Verdict verdict{true,
                    fmt::format("{}, which no step of a run of {} uploads{}: {}", asks, root,
                                names.empty() ? std::string(" (it uploads nothing)")
                                              : fmt::format(" (it uploads {})", shortened_list(names)),
                                consequence),
                    ""};
    if (name.empty()) {
      verdict.hint = "ask for the name of an artifact that the run uploads before";
    } else if (const auto near = nearest(name, names)) {
      verdict.hint = fmt::format("write `name: {}`, or upload '{}' before", *near, name);
    } else {
      verdict.hint = fmt::format("upload '{}' in a job that this one `needs`", name);
      if (provider.other_run_hint)
        verdict.hint += fmt::format(", or {} when it comes from another run", *provider.other_run_hint);
    }
    return verdict;
  }

  // Leaves the uploads that have surely ended when the download begins.
  Verdict not_yet_there(const RunArtifact& download, Uploads& left) {
    const Uploads all = left;
    std::erase_if(left,
                  [&](const RunArtifact* upload) { return view_.order(*upload, download) != Order::before; });
    if (!left.empty()) return {};
    // Of an earlier attempt of the run it would be there.
    if (download.failure_ignored ||
        download.artifact.only_if.value_or("").find("run_attempt") != std::string::npos) {
      left = all;
      return {};
    }
    const auto found = std::find_if(all.begin(), all.end(),
                                    [&](const RunArtifact* one) { return surely_fits(*one, download); });
    if (found == all.end()) {
      left = all;
      return {};
    }
    const RunArtifact& upload = **found;
    const std::string result = written_[place_of(download)].named || download.artifact.merges
                                   ? "the download fails"
                                   : "the download gets nothing";
    if (upload.job == download.job) {
      return {true, fmt::format("{}, which {} uploads only after it: {}", asks(download), at(upload), result),
              "upload it in an earlier step"};
    }
    if (view_.order(upload, download) == Order::after) {
      return {true,
              fmt::format("{}, which {} uploads only after this job: {}", asks(download), at(upload), result),
              "turn the `needs:` of the jobs around"};
    }
    return {true,
            fmt::format("{}, which {} uploads in a job that this one does not wait for: unless that is done "
                        "by chance, {}",
                        asks(download), at(upload), result),
            needs_hint(upload, download)};
  }

  std::string needs_hint(const RunArtifact& upload, const RunArtifact& download) const {
    const auto first = view_.chain(*upload.job);
    const auto second = view_.chain(*download.job);
    for (std::size_t i = 0; i < first.size() && i < second.size(); ++i) {
      if (first[i] == second[i]) continue;
      if (first[i]->job == second[i]->job) break;
      return fmt::format("write `needs: {}` in the job '{}'", first[i]->job, second[i]->job);
    }
    return "download it in a job that needs the one that uploads it";
  }

  // A merge between upload and download that deletes what it took.
  Verdict deleted_before(const RunArtifact& download, Uploads& left, const Uploads& all) {
    const RunArtifact* culprit = nullptr;
    std::erase_if(left, [&](const RunArtifact* upload) {
      if (!upload->artifact.name) return false;
      return std::any_of(all.begin(), all.end(), [&](const RunArtifact* merge) {
        const bool deletes = merge->artifact.deletes_merged == ci::ArtifactInstanceDeletesMerged::yes &&
                             merge->runs == ci::Runs::yes && merge != upload && merge->artifact.merges &&
                             takes(*merge, *upload->artifact.name) &&
                             view_.order(*upload, *merge) == Order::before &&
                             view_.order(*merge, download) == Order::before;
        if (deletes) culprit = merge;
        return deletes;
      });
    });
    if (!left.empty() || culprit == nullptr) return {};
    return {true,
            fmt::format("{}, which {} has deleted by then (`delete-merged: true`): {}", asks(download),
                        at(*culprit), consequence(download)),
            fmt::format("download '{}'", culprit->artifact.name.value_or("the merged artifact"))};
  }

  Verdict only_after_failure(const RunArtifact& download, const Uploads& left) {
    if (download.runs != ci::Runs::yes || !written_[place_of(download)].named) return {};
    const bool never = std::all_of(left.begin(), left.end(), [](const RunArtifact* upload) {
      return upload->runs == ci::Runs::failure;
    });
    if (!never) return {};
    return {true,
            fmt::format(
                "{}, which {} uploads only after something failed, and this step runs each time: it fails "
                "whenever nothing else does",
                asks(download), at(*left.front())),
            "upload it with `if: always()`, or download it under the same condition"};
  }

  // Runs that no pull request starts are not expanded: there a download by a literal name is judged by its name alone.
  void look_at_other_runs() {
    // A workflow that is only ever called is not a run of its own; a repository elsewhere may call it.
    for (const Row& row : facts_.query(
             std::string(kRuns) +
             "SELECT a.file AS file, a.line AS line, a.job AS job, a.name AS name, run.root AS root, "
             "       a.uploads AS uploads FROM ci.artifact a JOIN run ON run.file = a.file "
             "WHERE a.direction = 'download' AND a.name IS NOT NULL AND NOT a.other_run AND "
             "  EXISTS (SELECT 1 FROM ci.trigger t WHERE t.file = run.root AND t.event <> 'workflow_call') "
             "ORDER BY a.file, a.line, run.root")) {
      const auto file = row.text("file");
      const ci::Provider& provider = providers_.of(file);
      const auto name = row.text("name");
      if (provider.artifacts_by != ci::ProviderArtifactsBy::name || has_expression(name)) continue;
      const auto root = row.text("root");
      if (!seen_.insert({root, {file, row.integer("line")}}).second) continue;
      report_.examined();
      const auto found = by_run_.find(root);
      if (found != by_run_.end() &&
          std::any_of(found->second.begin(), found->second.end(),
                      [&](const auto& pattern) { return glob_match(pattern, name); }))
        continue;
      Verdict verdict = not_uploaded(fmt::format("downloads '{}'", name), name, root, provider,
                                     row.is_null("uploads"), "the step fails each time it runs");
      Finding finding{.key = fmt::format("{}:{}:{}:{}", file, row.text("job"), name, root),
                      .file = file,
                      .line = row.integer("line"),
                      .message = std::move(verdict.message),
                      .hint = std::move(verdict.hint)};
      if (verdict.decided) {
        report_.fail(std::move(finding));
      } else {
        report_.undecided(std::move(finding));
      }
    }
  }

  const Facts& facts_;
  RunView view_;
  Providers providers_;
  std::map<std::string, std::vector<std::string>> by_run_;
  Report& report_;
  Exclusions exclusions_;
  std::map<std::string, MinimatchPattern> patterns_;
  std::map<Place, Written> written_;
  std::set<std::string> calls_others_;  // runs with workflows of other repositories
  std::map<std::pair<std::string, std::string>, Uploads> uploads_;  // by root and event
  std::set<std::pair<std::string, Place>> seen_;
  std::set<std::pair<std::string, Place>> found_;
  std::size_t pairs_ = 0;
};

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  DownloadHasUpload(facts, report).run();
  report_unexpanded(facts, "download", report);
  if (report.examined_count() == 0 && !unreadable && report.undecided_findings().empty())
    report.skip(std::string(kNothing));
}

const Check check{
    .name = "download-has-upload",
    .title = "Each artifact that is downloaded is uploaded before in the same run",
    .why =
        "A download that cannot find its upload fails, or, with `continue-on-error` or a pattern, hands "
        "on nothing where evidence was expected.",
    .domains = {"ci"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
