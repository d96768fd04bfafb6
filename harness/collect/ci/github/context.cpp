#include "harness/collect/ci/github/context.h"

#include <algorithm>
#include <set>

#include "harness/base/text.h"

namespace exitgate::collect::ci::github {

namespace {

using actions::activity_types;
using actions::PartialObject;
using actions::set;
using expression::Value;

// Parts of other events' payloads: null in a pull request's.
constexpr std::string_view kOtherEvents[] = {
    "ref",
    "schedule",
    "inputs",
    "commits",
    "head_commit",
    "base_ref",
    "ref_type",
    "release",
    "issue",
    "comment",
    "workflow_run",
    "workflow",
    "check_run",
    "check_suite",
    "client_payload",
    "deployment",
    "deployment_status",
    "merge_group",
    "discussion",
    "page_build",
    "registry_package",
    "forced",
    "compare",
    "created",
    "deleted",
    "pusher",
    "pusher_type",
    "review",
    "member",
    "forkee",
    "branches",
    "branch",
    "state",
    "sha",
    "context",
    "head_ref",
};

Possible text_or_unknown(const std::optional<std::string>& text) {
  return text ? Possible(Value(*text)) : Possible::truthy();
}

Possible repository_object(const std::optional<std::string>& repository) {
  PartialObject object;
  set(object, "full_name", text_or_unknown(repository));
  if (repository) set(object, "name", Value(repository->substr(repository->find('/') + 1)));
  return Possible::object(std::move(object));
}

Possible pull_request_object(const std::set<std::string>& types,
                             const std::optional<std::string>& repository) {
  PartialObject object;
  set(object, "number", Possible::truthy());
  if (!types.contains("closed")) {
    set(object, "merged", Value(false));
    set(object, "state", Value("open"));
    set(object, "merged_at", Value());
  }
  PartialObject base;
  set(base, "ref", Possible::truthy());
  set(base, "repo", repository_object(repository));
  set(object, "base", Possible::object(std::move(base)));
  PartialObject head;
  set(head, "ref", Possible::truthy());
  set(head, "sha", Possible::truthy());
  set(object, "head", Possible::object(std::move(head)));
  return Possible::object(std::move(object));
}

Possible event_object(const std::set<std::string>& types, const std::optional<std::string>& repository) {
  PartialObject event;
  std::vector<Value> actions(types.begin(), types.end());
  set(event, "action", Possible::one_of(std::move(actions)));
  set(event, "number", Possible::truthy());
  set(event, "pull_request", pull_request_object(types, repository));
  set(event, "repository", repository_object(repository));
  set(event, "sender", Possible::object({}));
  for (const std::string_view name : kOtherEvents) set(event, name, Value());
  if (!types.contains("labeled") && !types.contains("unlabeled")) set(event, "label", Value());
  if (!types.contains("synchronize")) {
    set(event, "before", Value());
    set(event, "after", Value());
  }
  return Possible::object(std::move(event));
}

}  // namespace

Possible run_context(const Trigger& trigger, const std::optional<std::string>& repository) {
  const std::set<std::string> types = activity_types(trigger);
  PartialObject github;
  set(github, "event_name", Value(trigger.event));
  set(github, "event", event_object(types, repository));
  set(github, "head_ref", Possible::truthy());
  set(github, "base_ref", Possible::truthy());
  set(github, "ref_type", Value("branch"));
  set(github, "actor", Possible::truthy());
  set(github, "sha", Possible::truthy());
  set(github, "run_id", Possible::truthy());
  if (trigger.event == "pull_request_target") {
    set(github, "ref", Possible::text("refs/heads/"));
    set(github, "ref_name", Possible::truthy());
  } else if (types.contains("closed")) {
    // Of a merged one it is the branch that it was merged into.
    set(github, "ref", Possible::text("refs/"));
    set(github, "ref_name", Possible::truthy());
  } else {
    set(github, "ref", Possible::text("refs/pull/", "/merge"));
    set(github, "ref_name", Possible::text("", "/merge"));
  }
  set(github, "repository", text_or_unknown(repository));
  set(github, "repository_owner",
      repository ? Possible(Value(repository->substr(0, repository->find('/')))) : Possible::truthy());
  return Possible::object(std::move(github));
}

namespace {

// "owner/name" of a URL that is GitHub's.
std::optional<std::string> repository_of(std::string_view url) {
  const std::size_t host = url.find("github.com");
  if (host == std::string_view::npos) return std::nullopt;
  std::string_view path = url.substr(host + std::string_view("github.com").size());
  if (path.empty() || (path[0] != '/' && path[0] != ':')) return std::nullopt;
  path.remove_prefix(1);
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(".git")) path.remove_suffix(4);
  if (std::count(path.begin(), path.end(), '/') != 1 || path.starts_with('/') || path.ends_with('/')) {
    return std::nullopt;
  }
  return std::string(path);
}

}  // namespace

std::optional<std::string> repository_name(const std::vector<Remote>& remotes) {
  std::optional<std::string> agreed;
  bool agree = true;
  for (const Remote& remote : remotes) {
    auto name = repository_of(remote.url);
    if (!name) continue;
    if (remote.name == "origin") return name;
    agree = agree && (!agreed || lower(*agreed) == lower(*name));
    agreed = name;
  }
  return agree ? agreed : std::nullopt;
}

}  // namespace exitgate::collect::ci::github
