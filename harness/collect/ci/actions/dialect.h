// What the providers whose workflows are written in the language of GitHub Actions do not have in common.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "harness/collect/ci/actions/context.h"
#include "harness/collect/ci/actions/schema.h"
#include "harness/collect/ci/model.h"
#include "harness/collect/ci/reference.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci::actions {

// An action that uploads or downloads artifacts.
struct ArtifactAction {
  std::string_view action;  // without the ref, in small letters
  facts::ci::Direction direction;
  std::string_view default_name;  // of an upload without `name:`; "": there is none
};

struct Dialect;

// An action's name without the host that the dialect lets it be named by: of
// "https://code.forgejo.org/actions/checkout" it is "actions/checkout".
std::string_view plain_action(std::string_view action, const Dialect& dialect);

struct Dialect {
  std::string_view provider;  // as in ci.workflow.provider
  std::string_view title;     // as messages name it
  // The events that a pull request to the repository itself fires.
  std::span<const std::string_view> pull_request_events;
  // The contexts that describe the run, and what is known of them in a run that a trigger starts.
  std::span<const std::string_view> run_contexts;
  Possible (*run_context)(const Trigger& trigger, const std::optional<std::string>& repository);
  // Variables that hold the file by which a script sets variables for the steps behind it.
  std::span<const std::string_view> variable_files;
  std::span<const ArtifactAction> artifact_actions;
  // What becomes of a second upload of one name in a run, by the action's version; nullopt: it cannot be told.
  std::optional<facts::ci::SecondUpload> (*second_upload)(const ActionReference& action);
  // What it takes in a workflow.
  const WorkflowSchema* schema = nullptr;
  std::span<const std::string_view> ignored_job_keys = {};  // known, and without any effect
  bool ignore_key_case = false;  // keys that differ by case alone are one key, given twice
  bool group_deadlocks = false;  // a run that waits for a concurrency group that it holds itself is cancelled
  bool job_index = false;    // the strategy context tells the jobs of a matrix apart (`strategy.job-index`)
  bool merge_keys = false;   // `<<` is YAML's merge key
  bool action_urls = false;  // an action may be named by its URL
  // What becomes of a workflow with a key or event that it does not know, and of one without a key that it has to
  // have, for messages. "": nothing, it is ignored.
  std::string_view unknown_key;
  std::string_view unknown_event;
  std::string_view missing_key;
};

}  // namespace exitgate::collect::ci::actions
