#include <fmt/core.h>

#include <charconv>
#include <optional>

#include "harness/base/error.h"
#include "harness/check/parameter_schema.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

// The major version that a tag names: 4 of 'v4', 'v4.6.2' and '4'; nullopt when it names none, as branches do.
std::optional<int> major_of(std::string_view ref) {
  if (ref.starts_with('v')) ref.remove_prefix(1);
  int major = 0;
  const auto [end, failed] = std::from_chars(ref.data(), ref.data() + ref.size(), major);
  if (failed != std::errc() || end == ref.data()) return std::nullopt;
  if (end != ref.data() + ref.size() && *end != '.') return std::nullopt;
  return major;
}

// Of the repository that an action stands in.
std::string address_of(const std::string& action, const ci::Provider& provider) {
  return action.find("://") == std::string::npos ? provider.action_host.value_or("") + action : action;
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto policy = with.string("policy");
  if (policy != "sha" && policy != "version") {
    throw UsageError(fmt::format("parameter 'policy' must be sha or version, not '{}'", policy));
  }
  const auto least = with.integer("min-major");
  const bool unreadable = report_unreadable_workflows(facts, report);
  const Providers providers(facts);
  for (const ci::Artifact& artifact : facts.rows<ci::Artifact>("ORDER BY file, line")) {
    const ci::Provider& provider = providers.of(artifact.file);
    // A wrapper of the repository's own is pinned by the commit itself.
    if (!provider.artifact_actions || artifact.pin == ci::Pin::local || artifact.pin == ci::Pin::image)
      continue;
    report.examined();
    if (artifact.pin == ci::Pin::sha) continue;
    const auto& action = artifact.action;
    const auto ref = artifact.ref.value_or("");
    const auto major = major_of(ref);
    Finding finding{.key = fmt::format("{}:{}:{}@{}", artifact.file, artifact.job, action, ref),
                    .file = artifact.file,
                    .line = artifact.line,
                    .message = "",
                    .hint = ""};
    if (artifact.pin == ci::Pin::none) {
      finding.message = fmt::format("`uses: {}` names no version: {} refuses it", action, provider.title);
      finding.hint = fmt::format("write `uses: {}@<commit id>  # <version>`", action);
    } else if (provider.refused_versions && major && *major < least && action.starts_with("actions/")) {
      finding.message = fmt::format("`uses: {}@{}` is retired: {}", action, ref,
                                    fill(*provider.refused_versions, {{"version", std::to_string(least)}}));
      finding.hint = fmt::format("write `uses: {}@v{}`; names must then be unique in a run", action, least);
    } else if (policy == "sha") {
      finding.message = fmt::format(
          "`uses: {}@{}` is a name that its owner can move to other code at any time", action, ref);
      finding.hint = fmt::format("write `uses: {}@<commit id>  # {}`; `git ls-remote {} {}` prints the id",
                                 action, ref, address_of(action, provider), ref);
    } else if (!major) {
      finding.message = fmt::format(
          "`uses: {}@{}` is not a version: each run takes what stands on that branch at the moment", action,
          ref);
      finding.hint = fmt::format("write `uses: {}@v{}`, or a commit id", action, least);
    } else {
      continue;
    }
    report.fail(std::move(finding));
  }
  if (report.examined_count() == 0 && !unreadable)
    report.skip("no step uploads or downloads an artifact by an action that has a version");
}

const Check check{
    .name = "artifact-pins",
    .title = "Artifact actions are pinned as the policy requires",
    .why =
        "The action that carries the evidence away can change it. A branch moves with every commit; a "
        "version tag moves when its owner, or whoever has taken over the account, says so; a commit id does "
        "not move.",
    .domains = {"ci"},
    .parameters = {{"policy", Parameter::string, "\"version\"",
                    "'version': a version tag or a commit id; 'sha': a commit id"},
                   {"min-major", Parameter::integer, "4",
                    "the oldest major version of actions/* that is still served"}},
    .run = run};
const Registered registered(check);
const ParameterSchema policy_schema("artifact-pins", "policy", R"({"enum": ["version", "sha"]})");

}  // namespace
}  // namespace exitgate::check
