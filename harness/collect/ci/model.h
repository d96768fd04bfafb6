// What a workflow or composite action says, as its provider would read it: a view on the YAML trees that the
// model owns.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/artifact.h"
#include "harness/collect/ci/run_facts.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci {

// What a pull request does with a job or step, in rising order: of two call chains to it the greater counts,
// of a chain of conditions the least.
enum class Runs { unreached, no, failure, maybe, yes };

// What could not be decided at one place of a file that is otherwise read.
struct Problem {
  int line = 0;
  std::string reason;
};

struct Step {
  int position = 0;  // counts from 0
  int line = 0;      // of its first key
  std::optional<std::string> id;
  std::optional<std::string> name;
  std::optional<std::string> uses;
  int uses_line = 0;  // of the value
  std::optional<std::string> run;
  int run_line = 0;  // of the script's first line; 0 when it is not known
  std::optional<std::string> condition;
  int condition_line = 0;
  std::optional<std::string> inputs;             // JSON of what it gives to what it uses
  std::optional<std::string> environment;        // JSON of its own environment variables
  std::optional<std::string> continue_on_error;  // these three as written
  std::optional<std::string> working_directory;
  std::optional<std::string> shell;
  std::optional<std::string> timeout_minutes;  // as written
  std::optional<std::string> raw;              // JSON of the whole step, where it is a thing of its own
  const yaml::Node* node = nullptr;            // the mapping, of which only what is still asked for is kept
  Runs runs = Runs::unreached;
  std::shared_ptr<Artifact> artifact;  // what it uploads or downloads, or nullptr
};

struct Service {
  std::string name;
  std::optional<std::string> image;
  int line = 0;
};

// A concurrency group, as written.
struct Concurrency {
  int line = 0;  // of its name
  std::string group;
  std::optional<std::string> cancel_in_progress;
};

struct Job {
  std::string id;
  int line = 0;  // of its key
  std::optional<std::string> name;
  std::optional<std::string> condition;  // as written, or as JSON where it is not a scalar
  int condition_line = 0;
  std::optional<std::string> uses;  // a workflow or pipeline that it calls
  int uses_line = 0;
  std::optional<std::string> continue_on_error;  // as written
  std::optional<std::string> default_directory;  // of its `defaults:`, as written
  std::optional<std::string> default_shell;
  std::optional<Concurrency> concurrency;
  std::optional<std::string> timeout_minutes;   // as written
  std::optional<std::string> concurrency_json;  // of `concurrency:`, or of what the provider has in its place
  std::string raw;                              // JSON of the whole job
  std::vector<std::string> needs;
  std::vector<Service> services;
  std::vector<Step> steps;
  // Values that are written as they stand, nullptr where there is none. They point into `node` or its file.
  const yaml::Node* runs_on = nullptr;
  const yaml::Node* matrix = nullptr;
  const yaml::Node* permissions = nullptr;  // of the job, or else of the workflow
  const yaml::Node* environment = nullptr;
  const yaml::Node* node = nullptr;
  Runs runs = Runs::unreached;
};

struct Trigger {
  std::string event;
  int line = 0;
  const yaml::Node* filters = nullptr;   // what stands under it, or nullptr
  std::string_view filters_json = "{}";  // where it is not written so
};

// Of a reusable workflow or a composite action.
struct Input {
  std::string name;
  std::string type;  // 'string', 'boolean', 'number', 'choice', 'environment'; of an action: 'string'
  const yaml::Node* default_value = nullptr;
};

struct File {
  std::string path;
  std::string provider;  // whose rules it is read by, as in ci.workflow.provider
  std::string oid;
  std::optional<std::string> problem;  // why the file as a whole does nothing: it could not be read, or …
  bool invalid = false;                // … it could be read, and the provider refuses what it says
  std::unique_ptr<yaml::Node> root;
  std::optional<std::string> name;
  std::vector<Problem> problems;  // places in it
};

struct Workflow : File {
  std::vector<Trigger> triggers;
  std::vector<Input> inputs;  // of workflow_call
  std::optional<Concurrency> concurrency;
  std::optional<std::string> raw;  // JSON of the file without its jobs
  std::vector<Job> jobs;

  const Job* job(std::string_view id) const;
  const Trigger* trigger(std::string_view event) const;
};

struct Action : File {
  std::optional<std::string> kind;  // `runs.using`
  std::vector<Input> inputs;
  std::vector<Step> steps;  // of a composite action
};

// An upload that a download of the same run can find.
struct Match {
  std::string file;  // of the download
  int line = 0;
  std::string upload_file;
  int upload_line = 0;
};

// A file that another one takes in, as a part of itself or as what a job of it starts.
struct IncludedFile {
  std::string file;
  int line = 0;  // of the include
  std::string included;
  bool child = false;  // a pipeline by itself
};

struct Model {
  std::vector<Workflow> workflows;
  std::vector<Action> actions;
  std::vector<Match> matches;
  RunFacts run;
  std::vector<IncludedFile> includes;
  std::vector<std::unique_ptr<yaml::Node>> trees;  // what jobs look into beside their file's own tree

  // The tree at an address that lasts as long as the model.
  const yaml::Node& keep(yaml::Node tree);
};

// The text of a scalar, or nullopt when there is none (also for a null and for a list or mapping).
std::optional<std::string> text_of(const yaml::Node* node);

}  // namespace exitgate::collect::ci
