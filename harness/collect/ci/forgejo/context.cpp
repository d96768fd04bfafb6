#include "harness/collect/ci/forgejo/context.h"

#include <set>
#include <utility>
#include <vector>

namespace exitgate::collect::ci::forgejo {

using actions::PartialObject;
using actions::Possible;
using actions::set;
using expression::Value;

// Only what the documentation says: of the event's payload much is there that GitHub has not, and the other way round.
Possible run_context(const Trigger& trigger, const std::optional<std::string>& repository) {
  const std::set<std::string> types = actions::activity_types(trigger);
  PartialObject pull_request;
  set(pull_request, "number", Possible::truthy());
  if (!types.contains("closed")) {
    set(pull_request, "merged", Value(false));
    set(pull_request, "state", Value("open"));
  }
  PartialObject event;
  std::vector<Value> kinds(types.begin(), types.end());
  set(event, "action", Possible::one_of(std::move(kinds)));
  set(event, "number", Possible::truthy());
  set(event, "pull_request", Possible::object(std::move(pull_request)));
  for (const char* of_other_events :
       {"ref", "schedule", "inputs", "commits", "head_commit", "release", "issue", "comment"}) {
    set(event, of_other_events, Value());
  }
  PartialObject run;
  set(run, "event_name", Value(trigger.event));
  set(run, "event", Possible::object(std::move(event)));
  for (const char* always_there :
       {"head_ref", "base_ref", "actor", "sha", "run_id", "run_number", "server_url"}) {
    set(run, always_there, Possible::truthy());
  }
  // refs/pull/1/head, or of pull_request_target the branch that it is to be merged into.
  set(run, "ref",
      Possible::text(trigger.event == "pull_request_target" || types.contains("closed") ? "refs/"
                                                                                        : "refs/pull/"));
  set(run, "ref_name", Possible::truthy());
  set(run, "repository", repository ? Possible(Value(*repository)) : Possible::truthy());
  set(run, "repository_owner", Possible::truthy());
  return Possible::object(std::move(run));
}

}  // namespace exitgate::collect::ci::forgejo
