#include "harness/collect/ci/forgejo/provider.h"

#include <fmt/core.h>

#include <charconv>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/calls.h"
#include "harness/collect/ci/actions/collision.h"
#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/actions/invalid.h"
#include "harness/collect/ci/actions/match.h"
#include "harness/collect/ci/actions/outcomes.h"
#include "harness/collect/ci/actions/reachability.h"
#include "harness/collect/ci/actions/reader.h"
#include "harness/collect/ci/actions/run_expansion.h"
#include "harness/collect/ci/forgejo/context.h"
#include "harness/collect/ci/forgejo/record.h"
#include "harness/collect/ci/forgejo/workflow_schema.h"

namespace exitgate::collect::ci::forgejo {

namespace {

using Direction = facts::ci::Direction;
using SecondUpload = facts::ci::SecondUpload;

constexpr std::string_view kEvents[] = {"pull_request", "pull_request_target"};
constexpr std::string_view kForgejoContexts[] = {"forgejo", "forge", "github"};
constexpr std::string_view kGiteaContexts[] = {"gitea", "github"};
constexpr std::string_view kForgejoFiles[] = {"FORGEJO_ENV", "GITHUB_ENV"};
constexpr std::string_view kGiteaFiles[] = {"GITEA_ENV", "GITHUB_ENV"};
constexpr std::string_view kIgnoredJobKeys[] = {"permissions", "continue-on-error"};
constexpr actions::ArtifactAction kArtifactActions[] = {
    {"actions/upload-artifact", Direction::upload, "artifact"},
    {"forgejo/upload-artifact", Direction::upload, "artifact"},
    {"christopherhx/gitea-upload-artifact", Direction::upload, "artifact"},
    {"actions/upload-artifact/merge", Direction::upload, "merged-artifacts"},
    {"forgejo/upload-artifact/merge", Direction::upload, "merged-artifacts"},
    {"actions/download-artifact", Direction::download, ""},
    {"forgejo/download-artifact", Direction::download, ""},
    {"christopherhx/gitea-download-artifact", Direction::download, ""},
};

// 4 of 'v4', 'v4.6.2' and '4'; nullopt of a branch and of a commit id.
std::optional<int> major_of(const ActionReference& action) {
  if (!action.ref || action.pin == facts::ci::Pin::sha) return std::nullopt;
  std::string_view ref = *action.ref;
  if (ref.starts_with('v')) ref.remove_prefix(1);
  int major = 0;
  const auto [end, failed] = std::from_chars(ref.data(), ref.data() + ref.size(), major);
  if (failed != std::errc() || (end != ref.data() + ref.size() && *end != '.')) return std::nullopt;
  return major;
}

std::optional<SecondUpload> second_upload(const ActionReference& action) {
  const auto major = major_of(action);
  if (!major) return std::nullopt;
  return *major < 4 ? SecondUpload::merges : SecondUpload::replaces;
}

actions::Dialect common() {
  return {.provider = "",
          .title = "",
          .pull_request_events = kEvents,
          .run_contexts = {},
          .run_context = run_context,
          .variable_files = {},
          .artifact_actions = kArtifactActions,
          .second_upload = second_upload,
          .ignored_job_keys = kIgnoredJobKeys,
          .merge_keys = true,
          .action_urls = true,
          .unknown_key = "",
          .unknown_event = "it never starts the workflow",
          .missing_key = "no runner ever takes it"};
}

actions::Dialect forgejo_dialect() {
  actions::Dialect dialect = common();
  dialect.provider = forgejo_record().name;
  dialect.title = forgejo_record().title;
  dialect.run_contexts = kForgejoContexts;
  dialect.variable_files = kForgejoFiles;
  dialect.schema = &forgejo_schema();
  dialect.unknown_key = "Forgejo refuses the whole workflow";
  return dialect;
}

actions::Dialect gitea_dialect() {
  actions::Dialect dialect = common();
  dialect.provider = gitea_record().name;
  dialect.title = gitea_record().title;
  dialect.run_contexts = kGiteaContexts;
  dialect.variable_files = kGiteaFiles;
  dialect.schema = &gitea_schema();
  return dialect;
}

class Forge : public Provider {
 public:
  Forge(const facts::ci::Provider& record, actions::Dialect dialect, std::string_view upload)
      : record_(record), dialect_(dialect), upload_(upload) {}

  const facts::ci::Provider& record() const override { return record_; }

  Claim claim(std::string_view path) const override {
    if (path.starts_with(dialect_.schema->folder) && (path.ends_with(".yml") || path.ends_with(".yaml"))) {
      return Claim::workflow;
    }
    return actions::is_action_file(path) ? Claim::action : Claim::none;
  }

  void read(std::string_view text, Workflow& workflow) const override {
    actions::read_workflow(text, dialect_, workflow);
    for (const Job& job : workflow.jobs) check_uploads(job.steps, workflow);
  }
  void read(std::string_view text, Action& action) const override {
    actions::read_action(text, dialect_, action);
    check_uploads(action.steps, action);
  }

  void complete(const Source& /*source*/, Model& model, CallChains& chains) const override {
    const actions::Calls calls(model, dialect_);
    validate_calls(model, calls);
    CallChains own = calls.chains();
    actions::reach(model, dialect_, calls, own, std::nullopt);
    actions::find_collisions(model, dialect_);
    actions::match_artifacts(model, calls, dialect_);
    const actions::Expansion expansion = actions::expand_runs(model, dialect_, calls, std::nullopt);
    actions::add_step_outcomes(model, expansion);
    actions::add_job_outcomes(model, expansion);
    chains.merge(own);
  }

 private:
  // GitHub's own artifact actions since version 4 end with an error wherever the server is not github.com.
  void check_uploads(const std::vector<Step>& steps, File& file) const {
    for (const Step& step : steps) {
      if (step.artifact == nullptr) continue;
      const ActionReference& action = step.artifact->reference;
      const std::string name = lower(actions::plain_action(action.action, dialect_));
      if (!name.starts_with("actions/") || major_of(action).value_or(0) < 4) continue;
      file.problems.push_back({step.uses_line, fmt::format("{}@{} runs on github.com only: take v3, or {}",
                                                           name, *action.ref, upload_)});
    }
  }

  // A call of what is not in the commit, or cannot be called.
  void validate_calls(Model& model, const actions::Calls& calls) const {
    for (Workflow& workflow : model.workflows) {
      if (workflow.provider != dialect_.provider) continue;
      for (const Job& job : workflow.jobs) {
        if (workflow.problem || !job.uses || !local_path(*job.uses)) continue;
        const Workflow* callee = calls.named(job);
        if (callee != nullptr && (callee->problem || callee->trigger("workflow_call") != nullptr)) continue;
        actions::set_problem(workflow,
                             {job.uses_line, fmt::format("'{}' is not a workflow of this commit that "
                                                         "can be called",
                                                         *job.uses)});
      }
    }
  }

  const facts::ci::Provider& record_;
  actions::Dialect dialect_;
  std::string_view upload_;  // the artifact actions that were made to run here
};

}  // namespace

const Provider& forgejo() {
  static const Forge forge(forgejo_record(), forgejo_dialect(),
                           "forgejo/upload-artifact and download-artifact");
  return forge;
}

const Provider& gitea() {
  static const Forge forge(gitea_record(), gitea_dialect(), "christopherHX/gitea-upload-artifact");
  return forge;
}

}  // namespace exitgate::collect::ci::forgejo
