#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "harness/base/text.h"
#include "harness/check/exclusive.h"
#include "harness/check/providers.h"
#include "harness/check/run_view.h"
#include "harness/check/workflows.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

// Pairs of uploads that are compared, over all: a repository of nothing but matrices must not take minutes.
constexpr std::size_t kMostPairs = 200'000;

// Forms of names that are compared, over all.
constexpr std::size_t kMostForms = 1'000'000;

// What becomes of a second upload; nullopt where the facts do not say.
using Second = std::optional<ci::SecondUpload>;

// Whether one of two uploads of a name is lost, for all that is known.
bool is_lost(const Second& second) {
  return !second || second == ci::SecondUpload::fails || second == ci::SecondUpload::replaces;
}

bool may_overwrite(const RunArtifact& upload) {
  return upload.artifact.overwrite != ci::ArtifactInstanceOverwrite::no;
}

using Place = std::pair<std::string, std::int64_t>;  // file, line
Place place_of(const RunArtifact& upload) {
  return {upload.artifact.file, upload.artifact.line};
}

// Two uploads of one run under one name.
struct Collision {
  const RunArtifact* first = nullptr;
  const RunArtifact* second = nullptr;
  Together together = Together::never;
};

// Uploads of one run that surely have one name.
using Group = std::vector<const RunArtifact*>;

// Whether an expression is a value of the run that is no other one, and no text that anybody writes: its commit, its number.
bool is_of_the_run(std::string_view expression) {
  constexpr std::string_view kOthers[] = {"inputs", "vars",   "secrets", "env",      "matrix", "needs",
                                          "steps",  "runner", "job",     "strategy", "jobs"};
  constexpr std::string_view kMembers[] = {"sha",
                                           "run_id",
                                           "run_number",
                                           "run_attempt",
                                           "event.number",
                                           "event.pull_request.number",
                                           "event.pull_request.head.sha"};
  const std::string_view context = expression.substr(0, expression.find('.'));
  return std::find(std::begin(kOthers), std::end(kOthers), context) == std::end(kOthers) &&
         context.size() < expression.size() &&
         std::find(std::begin(kMembers), std::end(kMembers), expression.substr(context.size() + 1)) !=
             std::end(kMembers);
}

// The names that an upload can have: '*' for any text. A value of the run stands between two marks that no name has.
std::string glob_of(const ci::ArtifactInstance& artifact) {
  if (artifact.name) return *artifact.name;
  if (!artifact.name_key) return artifact.name_pattern.value_or("*");
  std::string glob;
  std::string_view rest = *artifact.name_key;
  while (true) {
    const std::size_t open = rest.find("${{");
    const std::size_t close = open == std::string_view::npos ? open : rest.find("}}", open);
    glob += rest.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) return glob;
    const std::string_view expression = trim(rest.substr(open + 3, close - open - 3));
    glob += is_of_the_run(expression) ? fmt::format("\x01{}\x02", expression) : std::string("*");
    rest.remove_prefix(close + 2);
  }
}

bool is_open(std::string_view glob) {
  return glob.find('*') != std::string_view::npos;
}

class NamesUnique {
 public:
  NamesUnique(const Facts& facts, Report& report) : view_(facts), providers_(facts), report_(report) {
    for (const Row& row : facts.query("SELECT file, line, name FROM ci.artifact WHERE name IS NOT NULL"))
      written_[{row.text("file"), row.integer("line")}] = trim(row.text("name"));
    for (const Row& row : facts.query("SELECT file, id, matrix FROM ci.job WHERE matrix IS NOT NULL"))
      matrices_[{row.text("file"), row.text("id")}] = row.text("matrix");
  }

  void run() {
    // By run and name, and for each run by the names that they can have.
    std::map<std::tuple<std::string, std::string, std::string>, Group> named;
    std::map<std::pair<std::string, std::string>, std::map<std::string, Group>> runs;
    std::set<std::pair<std::string, Place>> seen;
    for (const RunArtifact& upload : view_.artifacts()) {
      if (upload.artifact.direction != ci::Direction::upload) continue;
      if (upload.artifact.second_upload == ci::SecondUpload::separate) continue;
      const std::string& root = upload.job->root;
      if (seen.insert({root, place_of(upload)}).second) report_.examined();
      if (!is_lost(upload.artifact.second_upload)) continue;
      if (upload.artifact.name_key) {
        named[{root, upload.job->event, *upload.artifact.name_key}].push_back(&upload);
      }
      runs[{root, upload.job->event}][glob_of(upload.artifact)].push_back(&upload);
    }
    for (const auto& [key, group] : named) look(std::get<0>(key), std::get<2>(key), group);
    for (const auto& [key, names] : runs) look_at_open_names(names);
    if (pairs_ > kMostPairs || forms_ > kMostForms) {
      report_.undecided({.key = "too many",
                         .file = "",
                         .line = 0,
                         .message = "more uploads have one name than can be compared",
                         .hint = "give each upload of a run a name of its own"});
    }
  }

 private:
  // Whether one of them is lost when both happen. A later step of the job itself that says `overwrite: true`
  // means to replace what an earlier one uploaded.
  static bool one_is_lost(const RunArtifact& one, const RunArtifact& other) {
    if (one.job != other.job) return true;
    const RunArtifact& later = one.position < other.position ? other : one;
    return later.artifact.overwrite == ci::ArtifactInstanceOverwrite::no;
  }

  Together together(const RunArtifact& one, const RunArtifact& other) {
    if (++pairs_ > kMostPairs || !one_is_lost(one, other)) return Together::never;
    return exclusions_.ask(one.artifact.only_if, other.artifact.only_if);
  }

  void look(const std::string& root, const std::string& name, const Group& group) {
    std::map<Place, Group> places;
    for (const RunArtifact* upload : group) places[place_of(*upload)].push_back(upload);
    std::set<Place> found;
    for (const auto& [place, uploads] : places) {
      const auto incomplete = std::find_if(uploads.begin(), uploads.end(), [&](const auto* one) {
        const auto chain = view_.chain(*one->job);
        return std::any_of(chain.begin(), chain.end(), [](const auto* job) { return !job->complete; });
      });
      const Collision collision = first_collision(uploads, uploads);
      if (collision.together != Together::never) {
        found.insert(place);
        report_same(name, collision, uploads);
      } else if (incomplete != uploads.end()) {
        found.insert(place);
        report_unknown_matrix(name, **incomplete);
      }
    }
    for (auto place = places.begin(); place != places.end(); ++place) {
      if (found.contains(place->first)) continue;
      for (auto earlier = places.begin(); earlier != place; ++earlier) {
        const Collision collision = first_collision(earlier->second, place->second);
        if (collision.together == Together::never) continue;
        report_different(root, name, collision, group.size() > places.size());
        break;
      }
    }
  }

  // The first that can happen; else the first that perhaps can.
  Collision first_collision(const Group& ones, const Group& others) {
    Collision best;
    for (const RunArtifact* one : ones) {
      for (const RunArtifact* other : others) {
        if (&ones == &others && one->artifact.step >= other->artifact.step) continue;
        const Together both = together(*one, *other);
        if (both == Together::never || (both == Together::perhaps && best.together == Together::perhaps))
          continue;
        best = {one, other, both};
        if (both == Together::can) return best;
      }
    }
    return best;
  }

  void say(const Collision& collision, Finding finding) {
    if (!said_.insert(finding.key + finding.message).second) return;
    if (collision.together == Together::can) {
      report_.fail(std::move(finding));
    } else {
      finding.message += "; whether both can happen in one run, only the run knows";
      report_.undecided(std::move(finding));
    }
  }

  // What becomes of them, in words.
  std::string loss(const Collision& collision, std::string fails, std::string replaces) const {
    const bool overwrites = may_overwrite(*collision.first) || may_overwrite(*collision.second);
    const Second second = collision.second->artifact.second_upload;
    if (overwrites) {
      return may_overwrite(*collision.first) == may_overwrite(*collision.second)
                 ? std::move(replaces)
                 : std::string("only one of them is kept (`overwrite: true`)");
    }
    if (!second) return "only one of them may be kept";
    return second == ci::SecondUpload::fails ? std::move(fails) : std::move(replaces);
  }

  static bool is_unpacked(const RunArtifact& upload) {
    return upload.artifact.path && upload.artifact.name &&
           upload.artifact.path->ends_with(*upload.artifact.name) &&
           upload.artifact.path->find('\n') == std::string::npos &&
           *upload.artifact.path != *upload.artifact.name;
  }

  // One upload in several combinations or calls.
  void report_same(const std::string& name, const Collision& collision, const Group& uploads) {
    const RunArtifact& upload = *collision.second;
    const bool one_call = collision.first->job->caller == upload.job->caller;
    std::set<std::int64_t> jobs;
    std::set<std::int64_t> calls;
    for (const RunArtifact* one : uploads) {
      if (one->job->caller == upload.job->caller) jobs.insert(one->job->id);
      calls.insert(one->job->caller.value_or(0));
    }
    const std::string fails = "the first one wins, the others fail (409 Conflict)";
    const std::string replaces = "the last one wins, the others are lost";
    Finding finding{.key = fmt::format("{}:{}:{}", upload.artifact.file, upload.job->job, name),
                    .file = upload.artifact.file,
                    .line = upload.artifact.line,
                    .message = "",
                    .hint = ""};
    if (collision.first->job == upload.job) {
      finding.message = fmt::format("the job '{}' uploads '{}' several times under one name: {}",
                                    upload.job->job, name, loss(collision, fails, replaces));
      finding.hint = "give each upload of a run a name of its own";
    } else if (one_call) {
      // A name with a part of the matrix in it is one for some of the jobs.
      const bool all = jobs.size() == combinations(*upload.job);
      finding.message = fmt::format(
          "{} upload '{}' under one name: {}",
          all ? fmt::format("the {} jobs of the matrix", jobs.size()) : std::string("jobs of the matrix"),
          name, loss(collision, fails, replaces));
      const auto& matrix_part = providers_.of(upload.artifact.file).matrix_part;
      finding.hint =
          all && matrix_part
              ? fmt::format("put the matrix into the name, with every axis of it or as `name: {}-{}`", name,
                            *matrix_part)
              : "put every axis of the matrix into the name";
    } else {
      const auto [first, second] = callers(collision);
      finding.message = fmt::format(
          "'{}' is uploaded by each of {} calls of {} ({}:{}{}): {}", name, calls.size(), upload.job->file,
          first->file, first->line,
          second->line == first->line ? std::string(", in a matrix") : fmt::format(" and {}", second->line),
          loss(collision, fails, replaces));
      finding.hint = "give the workflow an input that differs from call to call, and put it into the name";
    }
    say(collision, std::move(finding));
  }

  // The first jobs of two chains of calls that differ.
  std::pair<const ci::JobInstance*, const ci::JobInstance*> callers(const Collision& collision) const {
    const auto first = view_.chain(*collision.first->job);
    const auto second = view_.chain(*collision.second->job);
    for (std::size_t i = 0; i < first.size() && i < second.size(); ++i) {
      if (first[i] != second[i]) return {first[i], second[i]};
    }
    return {first.back(), second.back()};
  }

  // Jobs of one matrix, in one call.
  std::size_t combinations(const ci::JobInstance& job) {
    if (sizes_.empty()) {
      for (const RunArtifact& upload : view_.artifacts()) jobs_of(*upload.job).insert(upload.job->id);
    }
    return jobs_of(job).size();
  }
  std::set<std::int64_t>& jobs_of(const ci::JobInstance& job) {
    return sizes_[{job.root + '\n' + job.event, job.caller.value_or(0), job.file + '\n' + job.job}];
  }

  void report_different(const std::string& root, const std::string& name, const Collision& collision,
                        bool several) {
    const RunArtifact& first = *collision.first;
    const RunArtifact& upload = *collision.second;
    Finding finding{.key = fmt::format("{}:{}:{}", root, upload.job->job, name),
                    .file = upload.artifact.file,
                    .line = upload.artifact.line,
                    .message = "",
                    .hint = "give each upload of a run a name of its own"};
    const Order order = view_.order(first, upload);
    std::string what = loss(collision, "the second of them fails (409 Conflict)",
                            "the second of them takes the place of the first");
    if (may_overwrite(upload) && order == Order::before) {
      what = "this one deletes it and takes its place (`overwrite: true`)";
    } else if (may_overwrite(first) && order == Order::after) {
      what = "that one deletes this one and takes its place (`overwrite: true`)";
    } else if (may_overwrite(first) && order == Order::before && !may_overwrite(upload)) {
      what = "this one fails (409 Conflict)";
    }
    finding.message = fmt::format("'{}' is uploaded at {}:{}, too: {}", name, first.artifact.file,
                                  first.artifact.line, what);
    if (is_unpacked(upload)) {
      finding.hint =
          "give the files names of their own: with `archive: false` the artifact has the file's name";
    } else if (const auto& job_part = providers_.of(upload.artifact.file).job_part;
               job_part && first.job->job != upload.job->job && first.artifact.file == upload.artifact.file &&
               !several) {
      finding.hint += fmt::format(", such as `name: {}-{}`", name, *job_part);
    }
    say(collision, std::move(finding));
  }

  // Whose matrix it is, by chance that of a caller.
  void report_unknown_matrix(const std::string& name, const RunArtifact& upload) {
    undecided(upload, name,
              fmt::format("'{}' is one name for all jobs of a matrix whose size only the run knows", name),
              in_words(providers_.of(upload.artifact.file).matrix_part));
  }

  void undecided(const RunArtifact& upload, const std::string& name, std::string message, std::string hint) {
    const Place place = place_of(upload);
    if (!said_.insert(fmt::format("{}:{}:open", place.first, place.second)).second) return;
    report_.undecided({.key = fmt::format("{}:{}:{}", upload.artifact.file, upload.job->job, name),
                       .file = upload.artifact.file,
                       .line = upload.artifact.line,
                       .message = std::move(message),
                       .hint = std::move(hint)});
  }

  static std::string in_words(const std::optional<std::string>& matrix_part) {
    return matrix_part ? fmt::format("put `{}` into the name", *matrix_part)
                       : std::string("put every axis of the matrix into the name");
  }

  std::string written(const RunArtifact& upload) const {
    const auto found = written_.find(place_of(upload));
    if (found != written_.end() && !found->second.empty()) return found->second;
    return upload.artifact.name_pattern.value_or("*");
  }

  // Names of which a part is only known to the run, and that may be those of others.
  void look_at_open_names(const std::map<std::string, Group>& names) {
    for (auto one = names.begin(); one != names.end(); ++one) {
      if (!is_open(one->first)) continue;
      look_at_itself(one->second);
      for (auto other = names.begin(); other != names.end(); ++other) {
        // Of two open names the second has been compared with the first.
        if (other == one || (is_open(other->first) && other->first < one->first)) continue;
        if (++forms_ > kMostForms) return;
        if (!globs_meet(one->first, other->first)) continue;
        look_at_two(one->second, other->second);
      }
    }
  }

  // Uploads whose names have one form, and are not surely one.
  void look_at_itself(const Group& uploads) {
    for (const RunArtifact* upload : uploads) {
      const auto twin = std::find_if(uploads.begin(), uploads.end(), [&](const RunArtifact* other) {
        const auto& key = other->artifact.name_key;  // what is surely one name is judged before
        return other->artifact.step < upload->artifact.step && (!key || key != upload->artifact.name_key) &&
               together(*other, *upload) != Together::never;
      });
      const auto& provider = providers_.of(upload->artifact.file);
      const std::string name = written(*upload);
      if (twin != uploads.end() && place_of(**twin) == place_of(*upload)) {
        undecided(
            *upload, name,
            fmt::format("whether '{}' is another name in each of the jobs that upload it, only the run knows",
                        name),
            in_words(provider.matrix_part));
      } else if (twin != uploads.end()) {
        undecided(*upload, name, may_be_one(*upload, **twin), kOwnBeginning);
      } else if (!upload->artifact.name_key && is_of_unknown_matrix(*upload, name)) {
        undecided(*upload, name,
                  fmt::format("whether '{}' is another name in each job of the matrix, only the run knows: "
                              "its axes are not known",
                              name),
                  in_words(provider.matrix_part));
      }
    }
  }

  void look_at_two(const Group& ones, const Group& others) {
    for (const RunArtifact* one : ones) {
      const auto other = std::find_if(others.begin(), others.end(), [&](const RunArtifact* upload) {
        return together(*one, *upload) != Together::never;
      });
      if (other != others.end()) undecided(*one, written(*one), may_be_one(*one, **other), kOwnBeginning);
    }
  }

  std::string may_be_one(const RunArtifact& one, const RunArtifact& other) const {
    return fmt::format("whether '{}' becomes the name of {}:{} ('{}'), too, only the run knows", written(one),
                       other.artifact.file, other.artifact.line, written(other));
  }

  // Whether it stands for jobs of a matrix that only the run knows, and its name does not name each axis.
  bool is_of_unknown_matrix(const RunArtifact& upload, const std::string& name) const {
    const auto chain = view_.chain(*upload.job);
    if (std::all_of(chain.begin(), chain.end(), [](const auto* job) { return job->complete; })) return false;
    const auto matrix = matrices_.find({upload.job->file, upload.job->job});
    if (upload.job->complete || matrix == matrices_.end()) return true;  // it is a caller's
    const auto& part = providers_.of(upload.artifact.file).matrix_part;
    if (part && lower(name).find(lower(bare_expression(*part))) != std::string::npos) return false;
    const auto axes = Json::try_parse(matrix->second);
    if (!axes || !axes->is_object() || axes->contains("include")) return true;
    for (const auto& [axis, values] : axes->members()) {
      if (axis != "exclude" && lower(name).find("matrix." + lower(axis)) == std::string::npos) return true;
    }
    return false;
  }

  static constexpr const char* kOwnBeginning = "let each of the names begin with a text of its own";

  RunView view_;
  Providers providers_;
  Report& report_;
  Exclusions exclusions_;
  std::size_t pairs_ = 0;
  std::size_t forms_ = 0;
  std::set<std::string> said_;
  std::map<std::tuple<std::string, std::int64_t, std::string>, std::set<std::int64_t>> sizes_;
  std::map<Place, std::string> written_;                                 // the names of uploads
  std::map<std::pair<std::string, std::string>, std::string> matrices_;  // by file and job
};

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  NamesUnique(facts, report).run();
  report_unexpanded(facts, "upload", report);
  if (report.examined_count() == 0 && !unreadable && report.undecided_findings().empty())
    report.skip("no pull request uploads an artifact whose name must be unique");
}

const Check check{.name = "artifact-names-unique",
                  .title = "No two uploads of a run have the same name",
                  .why =
                      "Since v4 an artifact cannot be written twice: of two uploads with one name only the "
                      "first is kept, and the evidence of the other job is lost.",
                  .domains = {"ci"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
