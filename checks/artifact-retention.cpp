#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

// Why the settings of the repository decide.
std::string why_settings(const ci::Provider& provider, const std::optional<std::int64_t>& days) {
  return days ? fmt::format("`{}: 0` means the default", provider.retention_key)
              : fmt::format("it has no `{}`", provider.retention_key);
}

// One value of a place's retention in the runs of pull requests, and the unknown part of it.
struct Kept {
  std::optional<std::string> retention;
  std::optional<std::int64_t> days;
  std::optional<std::string> unknown;
  bool operator==(const Kept& other) const {
    return retention == other.retention && days == other.days && unknown == other.unknown;
  }
};

// What the expressions come to, by place; each value once.
std::map<std::pair<std::string, std::int64_t>, std::vector<Kept>> kept_in_runs(const Facts& facts) {
  std::map<std::pair<std::string, std::int64_t>, std::vector<Kept>> all;
  for (const ci::ArtifactInstance& one :
       facts.rows<ci::ArtifactInstance>("WHERE direction = 'upload' AND step NOT IN (SELECT id FROM "
                                        "ci.step_instance WHERE runs = 'no') ORDER BY step")) {
    auto& values = all[{one.file, one.line}];
    Kept kept{one.retention, one.retention_days, one.retention_unknown};
    if (std::find(values.begin(), values.end(), kept) == values.end()) values.push_back(std::move(kept));
  }
  return all;
}

// A day less is worse, and what is surely too short is worse than what is not known.
std::pair<int, std::int64_t> badness(const ci::Provider& provider, const Kept& kept, std::int64_t least) {
  switch (retention_of(provider, kept.retention, kept.days, least)) {
    case Retention::long_enough:
      return {0, 0};
    case Retention::not_known:
      return {1, 0};
    case Retention::by_settings:
      return {2, 0};
    case Retention::too_short:
      return {3, -kept.days.value_or(0)};
  }
  return {0, 0};
}

void look(const ci::Artifact& artifact, const ci::Provider& provider, const Kept& kept, std::int64_t least,
          Report& report) {
  const std::string name =
      artifact.name ? fmt::format("'{}'", *artifact.name) : std::string("an artifact without a name");
  Finding finding{
      .key = fmt::format("{}:{}:{}", artifact.file, artifact.job, artifact.name.value_or("artifact")),
      .file = artifact.file,
      .line = artifact.line,
      .message = "",
      .hint = fill(provider.retention_hint, {{"days", std::to_string(least)}})};
  // An expression that a run of a pull request decides is named beside what it comes to.
  const bool evaluated =
      artifact.retention && kept.days && artifact.retention->find("${{") != std::string::npos;
  switch (retention_of(provider, kept.retention, kept.days, least)) {
    case Retention::long_enough:
      break;
    case Retention::too_short:
      finding.message = fmt::format(
          "{} is deleted after {} day{}{}, an audit needs it for {}", name, *kept.days,
          *kept.days == 1 ? "" : "s",
          evaluated ? fmt::format(" (`{}` on a pull request)", trim(*artifact.retention)) : "", least);
      report.fail(std::move(finding));
      break;
    case Retention::by_settings:
      finding.message = fmt::format("{} is kept for as long as the repository's settings happen to say: {}",
                                    name, why_settings(provider, kept.days));
      report.fail(std::move(finding));
      break;
    case Retention::not_known:
      finding.message = fmt::format("{} is kept for `{}`{}, a value that only the run knows", name,
                                    artifact.retention.value_or(*kept.retention), provider.retention_unit);
      if (kept.unknown && artifact.retention && bare_expression(*artifact.retention) != *kept.unknown)
        finding.message += fmt::format(" (it depends on `{}`)", *kept.unknown);
      report.undecided(std::move(finding));
      break;
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto least = with.integer("min-days");
  const bool unreadable = report_unreadable_workflows(facts, report);
  const Providers providers(facts);
  const auto in_runs = kept_in_runs(facts);
  for (const ci::Artifact& artifact : facts.rows<ci::Artifact>(
           "WHERE direction = 'upload' AND on_pull_request IN ('yes', 'maybe', 'failure') "
           "ORDER BY file, line")) {
    report.examined();
    const ci::Provider& provider = providers.of(artifact.file);
    const auto found = in_runs.find({artifact.file, artifact.line});
    if (found == in_runs.end() || artifact.retention_days || !artifact.retention) {  // no expression
      look(artifact, provider, {artifact.retention, artifact.retention_days, std::nullopt}, least, report);
      continue;
    }
    // The worst of them: one finding for each line.
    const Kept* worst = nullptr;
    for (const Kept& kept : found->second) {
      if (worst == nullptr || badness(provider, kept, least) > badness(provider, *worst, least))
        worst = &kept;
    }
    look(artifact, provider, *worst, least, report);
  }
  if (report.examined_count() == 0 && !unreadable) report.skip("no pull request uploads an artifact");
}

const Check check{
    .name = "artifact-retention",
    .title = "Artifacts of pull-request jobs are kept for at least so many days",
    .why =
        "An artifact that is gone when somebody asks proves nothing. Without a retention of its own the "
        "repository's settings decide, which no commit records.",
    .domains = {"ci"},
    .parameters = {{"min-days", Parameter::integer, "30", "the fewest days that an artifact must be kept"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
