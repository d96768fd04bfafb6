#include <fmt/core.h>

#include <algorithm>

#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"
#include "harness/check/providers.h"
#include "harness/facts/tables/environment.h"
#include "harness/facts/tables/repo.h"

namespace exitgate::check {
namespace {

// Whether the clone is of the repository that the service ran for: it has the service's commit, or a remote
// of that path. nullopt: neither says.
std::optional<bool> same_repository(const Facts& facts, const environment::CiRun& ci) {
  if (ci.commit_known.value_or(false)) return true;
  if (!ci.repository) return std::nullopt;
  const std::string& path = *ci.repository;
  bool any = false;
  for (const repo::Remote& remote : facts.rows<repo::Remote>()) {
    any = true;
    std::string url = remote.url;
    if (url.ends_with(".git")) url.resize(url.size() - 4);
    if (url.ends_with("/" + path) || url.ends_with(":" + path)) return true;
  }
  if (any) return false;
  return std::nullopt;
}

// How, in words of the service.
std::string head_hint(const Facts& facts, const std::string& service) {
  const Providers providers(facts);
  const ci::Provider* const provider = providers.named(service);
  return provider != nullptr && provider->head_hint ? ": " + *provider->head_hint : "";
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto accepts = with.strings("accepts");
  const auto accepted = [&](std::string_view what) {
    return std::find(accepts.begin(), accepts.end(), what) != accepts.end();
  };
  const auto commit = facts.text("SELECT oid FROM repo.checkout");
  if (!commit) {
    report.undecided({"commit", "", 0, "the facts hold no commit", "collect the facts again"});
    return;
  }
  for (const environment::CiRun& ci : facts.rows<environment::CiRun>()) {
    const std::string& service = ci.service;
    if (!ci.commit_oid) {
      report.skip(fmt::format("the CI service '{}' does not say which commit it runs for", service));
      return;
    }
    const auto same = same_repository(facts, ci);
    if (!same || !*same) {
      report.skip(
          same ? fmt::format("the CI run is one of '{}', another repository than the one that is examined",
                             *ci.repository)
               : std::string("the clone has no remote that says whether the CI run is one of its own"));
      return;
    }
    report.examined();
    const std::string& ran_for = *ci.commit_oid;
    const bool pull_request = ci.head_oid && *ci.head_oid != ran_for;
    if (ci.head_oid && *commit == *ci.head_oid) {
      report.note("the head of the pull request's branch");
      if (accepted("head")) continue;
      report.fail(
          {"head", "", 0,
           "the evidence is about the head of the pull request, not about what it becomes when merged",
           "check out the commit of the run (`actions/checkout` without `ref`), or accept `head`"});
    } else if (*commit == ran_for) {
      if (!pull_request) {
        report.note(fmt::format("the commit that {} runs for", service));
        continue;
      }
      report.note("the service's temporary merge of the pull request");
      if (accepted("merge")) continue;
      report.fail(
          {"merge", "", 0,
           fmt::format("the evidence is about {}, which the service made to try the merge and no branch "
                       "will ever hold",
                       *commit),
           fmt::format("check out the pull request's head, {}{}", *ci.head_oid, head_hint(facts, service))});
    } else {
      report.fail(
          {"other", "", 0,
           fmt::format("the evidence is about {}, but {} runs for {}{}", *commit, service, ran_for,
                       pull_request ? fmt::format(" and the pull request's head is {}", *ci.head_oid) : ""),
           "examine the commit that the run is for, or state the run that belongs to this commit"});
    }
  }
  if (report.examined_count() == 0) report.skip("the run was not started by a CI service");
}

const Check check{.name = "ci-commit",
                  .title = "The CI run is about the commit that is examined",
                  .why =
                      "A pull request has two commits, its head and a merge that the service makes: evidence "
                      "about the one is "
                      "filed under the other, and a job that checks out a branch late examines a third.",
                  .domains = {"repo", "environment", "ci"},
                  .parameters = {{"accepts", Parameter::strings, R"(["head", "merge"])",
                                  "which commit of a pull request the evidence may be about: head, merge"}},
                  .run = run};
const Registered registered(check);
const ParameterSchema accepts_schema("ci-commit", "accepts",
                                     R"({"type": "array", "items": {"enum": ["head", "merge"]}})");

}  // namespace
}  // namespace exitgate::check
