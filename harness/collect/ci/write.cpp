#include "harness/collect/ci/write.h"

#include <fmt/format.h>

#include "harness/collect/ci/json.h"
#include "harness/facts/store.h"

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

// All inserters of the store; one object so that each statement is prepared once.
class Writer {
 public:
  Writer(facts::Store& store, const CallChains& chains)
      : chains_(chains),
        workflow_(store.inserter("workflow", {"file", "name", "provider", "problem", "refused"})),
        action_file_(store.inserter("action_file", {"file", "name", "kind", "problem"})),
        trigger_(store.inserter("trigger", {"file", "line", "event", "filters"})),
        job_(store.inserter("job", {"file", "id", "line", "name", "condition", "uses", "on_pull_request",
                                    "runs_on", "matrix", "permissions", "continue_on_error", "environment"})),
        need_(store.inserter("need", {"file", "job", "needs"})),
        service_(store.inserter("service", {"file", "job", "name", "image", "line"})),
        step_(store.inserter("step", {"file", "job", "position", "line", "id", "name", "uses", "run",
                                      "condition", "on_pull_request", "inputs", "environment",
                                      "continue_on_error", "working_directory", "shell"})),
        action_use_(
            store.inserter("action_use", {"file", "line", "job", "position", "action", "ref", "pin"})),
        artifact_(store.inserter("artifact", {"file",
                                              "line",
                                              "job",
                                              "position",
                                              "direction",
                                              "action",
                                              "ref",
                                              "pin",
                                              "name",
                                              "path",
                                              "retention",
                                              "retention_days",
                                              "if_no_files_found",
                                              "condition",
                                              "on_pull_request",
                                              "way",
                                              "artifact_name",
                                              "name_pattern",
                                              "pattern",
                                              "merge_multiple",
                                              "overwrite",
                                              "artifact_ids",
                                              "other_run",
                                              "uploads",
                                              "collides"})),
        problem_(store.inserter("problem", {"file", "line", "reason"})) {}

  void add(const Workflow& workflow) {
    workflow_(workflow.path, workflow.name, workflow.provider, workflow.problem, workflow.invalid);
    add_problems(workflow);
    for (const Trigger& trigger : workflow.triggers) {
      trigger_(workflow.path, trigger.line, trigger.event,
               trigger.filters == nullptr ? std::string(trigger.filters_json) : to_json(*trigger.filters));
    }
    for (const Job& job : workflow.jobs) add(workflow, job);
  }

  void add(const Action& action) {
    action_file_(action.path, action.name, action.kind, action.problem);
    add_problems(action);
    for (const Step& step : action.steps) add(action.path, "", step);
  }

 private:
  void add_problems(const File& file) {
    for (const Problem& problem : file.problems) problem_(file.path, problem.line, problem.reason);
  }

  void add(const Workflow& workflow, const Job& job) {
    job_(workflow.path, job.id, job.line, job.name, job.condition, job.uses, runs_name(job.runs),
         json_of(job.runs_on), json_of(job.matrix), json_of(job.permissions), job.continue_on_error,
         json_of(job.environment, Scalars::as_written));
    for (const std::string& needs : job.needs) need_(workflow.path, job.id, needs);
    for (const Service& service : job.services) {
      service_(workflow.path, job.id, service.name, service.image, service.line);
    }
    if (job.uses) {
      const ActionReference reference = read_reference(*job.uses);
      action_use_(workflow.path, job.uses_line, job.id, nullptr, reference.action, reference.ref,
                  reference.pin);
    }
    for (const Step& step : job.steps) add(workflow.path, job.id, step);
  }

  void add(const std::string& file, const std::string& job, const Step& step) {
    step_(file, job, step.position, step.line, step.id, step.name, step.uses, step.run, step.condition,
          runs_name(step.runs), step.inputs, step.environment, step.continue_on_error, step.working_directory,
          step.shell);
    if (step.uses) {
      const ActionReference reference = read_reference(*step.uses);
      action_use_(file, step.uses_line, job, step.position, reference.action, reference.ref, reference.pin);
    }
    const Artifact* artifact = step.artifact.get();
    if (artifact == nullptr) return;
    artifact_(file, step.uses_line, job, step.position, artifact->direction, artifact->reference.action,
              artifact->reference.ref, artifact->reference.pin, artifact->name, artifact->path,
              artifact->retention, artifact->retention_days, artifact->if_no_files_found, step.condition,
              runs_name(step.runs), chain_json(chains_, file, job, step.uses_line), artifact->full_name,
              artifact->name_pattern, artifact->pattern, artifact->merge_multiple, artifact->overwrite,
              artifact->artifact_ids, artifact->other_run, artifact->uploads, artifact->collides);
  }

  const CallChains& chains_;
  facts::Inserter workflow_;
  facts::Inserter action_file_;
  facts::Inserter trigger_;
  facts::Inserter job_;
  facts::Inserter need_;
  facts::Inserter service_;
  facts::Inserter step_;
  facts::Inserter action_use_;
  facts::Inserter artifact_;
  facts::Inserter problem_;
};

}  // namespace

void write(const Model& model, const CallChains& chains, const std::filesystem::path& out) {
  facts::Store store(out, "ci");
  {
    Writer writer(store, chains);
    for (const Workflow& workflow : model.workflows) writer.add(workflow);
    for (const Action& action : model.actions) writer.add(action);
    auto match = store.inserter("artifact_match", {"file", "line", "upload_file", "upload_line"});
    for (const Match& one : model.matches) match(one.file, one.line, one.upload_file, one.upload_line);
  }
  store.close();
}

}  // namespace exitgate::collect::ci
