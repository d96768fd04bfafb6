#include "harness/collect/ci/github/provider.h"

#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/actions/collision.h"
#include "harness/collect/ci/actions/match.h"
#include "harness/collect/ci/actions/outcomes.h"
#include "harness/collect/ci/actions/reachability.h"
#include "harness/collect/ci/actions/reader.h"
#include "harness/collect/ci/actions/run_expansion.h"
#include "harness/collect/ci/github/call_validation.h"
#include "harness/collect/ci/github/context.h"
#include "harness/collect/ci/github/dialect.h"
#include "harness/collect/ci/github/record.h"
#include "harness/collect/ci/github/workflow_schema.h"

namespace exitgate::collect::ci::github {

namespace {

using Direction = facts::ci::Direction;

constexpr std::string_view kEvents[] = {"pull_request", "pull_request_target"};
constexpr std::string_view kRunContexts[] = {"github"};
constexpr std::string_view kVariableFiles[] = {"GITHUB_ENV"};
constexpr actions::ArtifactAction kArtifactActions[] = {
    {"actions/upload-artifact", Direction::upload, "artifact"},
    {"actions/upload-artifact/merge", Direction::upload, "merged-artifacts"},
    {"actions/upload-pages-artifact", Direction::upload, "github-pages"},
    {"actions/download-artifact", Direction::download, ""},
};

// Versions before 4, which merged, are not served any more.
std::optional<facts::ci::SecondUpload> second_upload(const ActionReference& /*action*/) {
  return facts::ci::SecondUpload::fails;
}

class Github : public Provider {
 public:
  const facts::ci::Provider& record() const override { return github::record(); }

  Claim claim(std::string_view path) const override {
    // Workflows are read directly in the folder only, and by these two endings.
    if (path.starts_with(kWorkflows)) {
      const std::string_view file = path.substr(kWorkflows.size());
      if (file.find('/') == std::string_view::npos && (file.ends_with(".yml") || file.ends_with(".yaml"))) {
        return Claim::workflow;
      }
    }
    return actions::is_action_file(path) ? Claim::action : Claim::none;
  }

  void read(std::string_view text, Workflow& workflow) const override {
    actions::read_workflow(text, dialect(), workflow);
  }
  void read(std::string_view text, Action& action) const override {
    actions::read_action(text, dialect(), action);
  }

  void complete(const Source& source, Model& model, CallChains& chains) const override {
    const actions::Calls calls(model, dialect());
    validate_calls(model, calls);
    CallChains own = calls.chains();
    actions::reach(model, dialect(), calls, own, repository_name(source.remotes()));
    actions::find_collisions(model, dialect());
    actions::match_artifacts(model, calls, dialect());
    const actions::Expansion expansion =
        actions::expand_runs(model, dialect(), calls, repository_name(source.remotes()));
    actions::add_step_outcomes(model, expansion);
    actions::add_job_outcomes(model, expansion);
    chains.merge(own);
  }
};

}  // namespace

const actions::Dialect& dialect() {
  static const actions::Dialect dialect{.provider = kName,
                                        .title = "GitHub",
                                        .pull_request_events = kEvents,
                                        .run_contexts = kRunContexts,
                                        .run_context = run_context,
                                        .variable_files = kVariableFiles,
                                        .artifact_actions = kArtifactActions,
                                        .second_upload = second_upload,
                                        .schema = &workflow_schema(),
                                        .ignore_key_case = true,
                                        .group_deadlocks = true,
                                        .job_index = true,
                                        .unknown_key = "GitHub refuses the whole workflow",
                                        .unknown_event = "GitHub refuses the whole workflow",
                                        .missing_key = "GitHub refuses the whole workflow"};
  return dialect;
}

const Provider& provider() {
  static const Github github;
  return github;
}

}  // namespace exitgate::collect::ci::github
