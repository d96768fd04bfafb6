#include <fmt/core.h>

#include <cstdint>
#include <optional>
#include <string>

#include "harness/base/text.h"
#include "harness/check/kept.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

// Why the settings of the repository decide.
std::string why_settings(const ci::Provider& provider, const std::optional<std::int64_t>& days) {
  return days ? fmt::format("`{}: 0` means the default", provider.retention_key)
              : fmt::format("it has no `{}`", provider.retention_key);
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
  const KeptInRuns in_runs(facts);
  for (const ci::Artifact& artifact : facts.rows<ci::Artifact>(
           "WHERE direction = 'upload' AND on_pull_request IN ('yes', 'maybe', 'failure') "
           "ORDER BY file, line")) {
    report.examined();
    const ci::Provider& provider = providers.of(artifact.file);
    const Kept written{artifact.retention, artifact.retention_days, std::nullopt};
    // One finding for each line.
    look(artifact, provider, in_runs.worst(provider, artifact.file, artifact.line, written, least), least,
         report);
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
