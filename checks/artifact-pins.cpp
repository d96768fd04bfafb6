#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "harness/base/error.h"
#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

// The major version that a tag names: 4 of 'v4', 'v4.6.2' and '4'; nullopt when it names none, as branches
// do.
std::optional<int> major_of(std::string_view ref) {
  if (ref.starts_with('v')) ref.remove_prefix(1);
  int major = 0;
  const auto [end, failed] = std::from_chars(ref.data(), ref.data() + ref.size(), major);
  if (failed != std::errc() || end == ref.data()) return std::nullopt;
  if (end != ref.data() + ref.size() && *end != '.') return std::nullopt;
  return major;
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto policy = with.string("policy");
  if (policy != "sha" && policy != "version") {
    throw UsageError(fmt::format("parameter 'policy' must be sha or version, not '{}'", policy));
  }
  const auto least = with.integer("min-major");
  const bool unreadable = report_unreadable_workflows(facts, report);
  for (const Row& row : facts.query("SELECT file, line, job, action, ref, pin FROM ci.artifact "
                                    "WHERE file NOT IN " +
                                    kGitLabFiles +
                                    " "
                                    "ORDER BY file, line")) {
    const auto pin = row.text(5);
    if (pin == "local" || pin == "image")
      continue;  // a wrapper of the repository's own: pinned by the commit itself
    report.examined();
    if (pin == "sha") continue;
    const auto action = row.text(3);
    const auto ref = row.text(4);
    const auto key = fmt::format("{}:{}:{}@{}", row.text(0), row.text(2), action, ref);
    const auto major = major_of(ref);
    if (pin == "none") {
      report.fail({key, row.text(0), row.integer(1),
                   fmt::format("`uses: {}` names no version: GitHub refuses it", action),
                   fmt::format("write `uses: {}@<commit id>  # <version>`", action)});
    } else if (major && *major < least && action.starts_with("actions/")) {
      report.fail(
          {key, row.text(0), row.integer(1),
           fmt::format(
               "`uses: {}@{}` is retired: github.com has refused versions before v{} since 2025-01-30",
               action, ref, least),
           fmt::format("write `uses: {}@v{}`; names must then be unique in a run", action, least)});
    } else if (policy == "sha") {
      report.fail(
          {key, row.text(0), row.integer(1),
           fmt::format("`uses: {}@{}` is a name that its owner can move to other code at any time", action,
                       ref),
           fmt::format(
               "write `uses: {}@<commit id>  # {}`; `git ls-remote https://github.com/{} {}` prints the id",
               action, ref, action, ref)});
    } else if (!major) {
      report.fail(
          {key, row.text(0), row.integer(1),
           fmt::format("`uses: {}@{}` is no version: each run takes what stands on that branch at the moment",
                       action, ref),
           fmt::format("write `uses: {}@v{}`, or a commit id", action, least)});
    }
  }
  if (report.examined_count() == 0 && !unreadable) report.skip("no step uploads or downloads an artifact");
}

const Check check{
    .name = "artifact-pins",
    .title = "Artifact actions are pinned as the policy says",
    .why =
        "The action that carries the evidence away can change it. A branch moves with every commit; a "
        "version tag "
        "moves when its owner, or whoever has taken over the account, says so; a commit id does not move.",
    .domains = {"ci"},
    .parameters = {{"policy", Parameter::string, "\"version\"",
                    "'version': a version tag or a commit id; 'sha': a commit id"},
                   {"min-major", Parameter::integer, "4",
                    "the oldest major version of actions/* that is still served"}},
    .run = run};
const Registered registered(check);

}  // namespace
