#include "harness/collect/ci/write.h"

#include <fmt/core.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "harness/collect/ci/json.h"
#include "harness/collect/ci/provider.h"
#include "harness/collect/ci/reference.h"
#include "harness/collect/ci/service_database.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci {

namespace {

using Text = std::optional<std::string>;

Text json_of(const yaml::Node* node, Scalars scalars = Scalars::typed) {
  if (node == nullptr || node->is_null()) return std::nullopt;
  return to_json(*node, scalars);
}

Text chain_json(const CallChains& chains, const std::string& file, const std::string& job, int line) {
  const auto found = chains.find(file);
  if (found == chains.end()) return std::nullopt;
  std::string json = "[";
  const auto add = [&](const std::string& at_file, const std::string& at_job, int at_line) {
    json += json.size() > 1 ? ",{\"file\":" : "{\"file\":";
    append_json_string(json, at_file);
    json += ",\"job\":";
    append_json_string(json, at_job);
    json += fmt::format(",\"line\":{}}}", at_line);
  };
  for (const Call& call : found->second) add(call.file, call.job, call.line);
  add(file, job, line);
  json += ']';
  return json;
}

facts::ci::OnPullRequest fact_of(Runs runs) {
  using facts::ci::OnPullRequest;
  switch (runs) {
    case Runs::unreached:
      return OnPullRequest::unreached;
    case Runs::no:
      return OnPullRequest::no;
    case Runs::failure:
      return OnPullRequest::failure;
    case Runs::maybe:
      return OnPullRequest::maybe;
    case Runs::yes:
      return OnPullRequest::yes;
  }
  return OnPullRequest::maybe;
}

class Writer {
 public:
  Writer(facts::Store& store, const CallChains& chains) : store_(store), chains_(chains) {}

  void add(Workflow& workflow) {
    store_.insert(facts::ci::Workflow{.file = workflow.path,
                                      .name = workflow.name,
                                      .provider = workflow.provider,
                                      .problem = workflow.problem,
                                      .refused = workflow.invalid,
                                      .raw = std::move(workflow.raw)});
    add_problems(workflow);
    for (const Trigger& trigger : workflow.triggers) {
      store_.insert(facts::ci::Trigger{.file = workflow.path,
                                       .line = trigger.line,
                                       .event = trigger.event,
                                       .filters = trigger.filters == nullptr
                                                      ? std::string(trigger.filters_json)
                                                      : to_json(*trigger.filters)});
    }
    const yaml::Node* shell = workflow.root == nullptr ? nullptr : workflow.root->find("defaults");
    if (shell != nullptr) shell = shell->find("run");
    if (shell != nullptr) shell = shell->find("shell");
    add(workflow.path, "", workflow.concurrency);
    for (Job& job : workflow.jobs) {
      if (!job.default_shell) job.default_shell = text_of(shell);
      add(workflow.path, job);
    }
  }

  void add(Action& action) {
    store_.insert(facts::ci::ActionFile{.file = action.path,
                                        .name = action.name,
                                        .kind = action.kind,
                                        .problem = action.problem,
                                        .provider = action.provider});
    add_problems(action);
    for (Step& step : action.steps) add(action.path, "", step);
  }

 private:
  void add_problems(const File& file) {
    for (const Problem& problem : file.problems) {
      store_.insert(facts::ci::Problem{.file = file.path, .line = problem.line, .reason = problem.reason});
    }
  }

  void add(const std::string& file, Job& job) {
    store_.insert(facts::ci::Job{.file = file,
                                 .id = job.id,
                                 .line = job.line,
                                 .name = job.name,
                                 .condition = job.condition,
                                 .uses = job.uses,
                                 .on_pull_request = fact_of(job.runs),
                                 .runs_on = json_of(job.runs_on),
                                 .matrix = json_of(job.matrix),
                                 .permissions = json_of(job.permissions),
                                 .continue_on_error = job.continue_on_error,
                                 .environment = json_of(job.environment, Scalars::as_written),
                                 .default_shell = job.default_shell,
                                 .timeout_minutes = job.timeout_minutes,
                                 .concurrency = job.concurrency_json,
                                 .raw = job.raw});
    add(file, job.id, job.concurrency);
    for (const std::string& needs : job.needs) {
      store_.insert(facts::ci::Need{.file = file, .job = job.id, .needs = needs});
    }
    for (const Service& service : job.services) {
      store_.insert(facts::ci::Service{.file = file,
                                       .job = job.id,
                                       .name = service.name,
                                       .image = service.image,
                                       .line = service.line,
                                       .database = service_database(service.image, service.name)});
    }
    if (job.uses) add_use(file, job.uses_line, job.id, std::nullopt, *job.uses);
    for (Step& step : job.steps) add(file, job.id, step);
  }

  void add(const std::string& file, const std::string& job, const std::optional<Concurrency>& concurrency) {
    if (!concurrency) return;
    store_.insert(facts::ci::Concurrency{.file = file,
                                         .job = job,
                                         .line = concurrency->line,
                                         .group_name = concurrency->group,
                                         .cancel_in_progress = concurrency->cancel_in_progress});
  }

  void add_use(const std::string& file, int line, const std::string& job,
               std::optional<std::int64_t> position, const std::string& uses) {
    ActionReference reference = read_reference(uses);
    store_.insert(facts::ci::ActionUse{.file = file,
                                       .line = line,
                                       .job = job,
                                       .position = position,
                                       .action = std::move(reference.action),
                                       .ref = std::move(reference.ref),
                                       .pin = reference.pin});
  }

  void add(const std::string& file, const std::string& job, Step& step) {
    if (step.uses) add_use(file, step.uses_line, job, step.position, *step.uses);
    if (step.artifact != nullptr) add(file, job, step, *step.artifact);
    // The step is written last, so that its strings, which are most of a workflow, move.
    store_.insert(facts::ci::Step{.file = file,
                                  .job = job,
                                  .position = step.position,
                                  .line = step.line,
                                  .id = std::move(step.id),
                                  .name = std::move(step.name),
                                  .uses = std::move(step.uses),
                                  .run = std::move(step.run),
                                  .condition = std::move(step.condition),
                                  .on_pull_request = fact_of(step.runs),
                                  .inputs = std::move(step.inputs),
                                  .environment = std::move(step.environment),
                                  .continue_on_error = std::move(step.continue_on_error),
                                  .working_directory = std::move(step.working_directory),
                                  .shell = std::move(step.shell),
                                  .timeout_minutes = std::move(step.timeout_minutes),
                                  .raw = std::move(step.raw)});
  }

  void add(const std::string& file, const std::string& job, const Step& step, const Artifact& artifact) {
    store_.insert(facts::ci::Artifact{.file = file,
                                      .line = step.uses_line,
                                      .job = job,
                                      .position = step.position,
                                      .direction = artifact.direction,
                                      .action = artifact.reference.action,
                                      .ref = artifact.reference.ref,
                                      .pin = artifact.reference.pin,
                                      .name = artifact.name,
                                      .path = artifact.path,
                                      .retention = artifact.retention,
                                      .retention_days = artifact.retention_days,
                                      .if_no_files_found = artifact.if_no_files_found,
                                      .condition = step.condition,
                                      .on_pull_request = fact_of(step.runs),
                                      .way = chain_json(chains_, file, job, step.uses_line),
                                      .artifact_name = artifact.full_name,
                                      .name_pattern = artifact.name_pattern,
                                      .pattern = artifact.pattern,
                                      .merge_multiple = artifact.merge_multiple,
                                      .overwrite = artifact.overwrite,
                                      .artifact_ids = artifact.artifact_ids,
                                      .other_run = artifact.other_run,
                                      .uploads = artifact.uploads,
                                      .collides = artifact.collides,
                                      .second_upload = artifact.second_upload,
                                      .hidden_files = artifact.hidden_files});
  }

  facts::Store& store_;
  const CallChains& chains_;
};

}  // namespace

void write_providers(facts::Store& store) {
  for (const Provider* provider : providers()) store.insert(provider->record());
}

void write(Model model, const CallChains& chains, const std::vector<facts::ci::Command>& commands,
           const std::filesystem::path& out) {
  facts::Store store(out, "ci");
  write_providers(store);
  Writer writer(store, chains);
  for (Workflow& workflow : model.workflows) writer.add(workflow);
  for (Action& action : model.actions) writer.add(action);
  for (const auto& command : commands) store.insert(command);
  for (const Match& match : model.matches) {
    store.insert(facts::ci::ArtifactMatch{.file = match.file,
                                          .line = match.line,
                                          .upload_file = match.upload_file,
                                          .upload_line = match.upload_line});
  }
  for (const auto& row : model.run.jobs) store.insert(row);
  for (const auto& row : model.run.steps) store.insert(row);
  for (const auto& row : model.run.artifacts) store.insert(row);
  for (const auto& row : model.run.step_outcomes) store.insert(row);
  for (const auto& row : model.run.job_outcomes) store.insert(row);
  for (const IncludedFile& one : model.includes) {
    store.insert(
        facts::ci::Include{.file = one.file,
                           .line = one.line,
                           .included = one.included,
                           .kind = one.child ? facts::ci::IncludeKind::child : facts::ci::IncludeKind::part});
  }
  store.close();
}

}  // namespace exitgate::collect::ci
