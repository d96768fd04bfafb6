// What a workflow or composite action says, as GitHub would read it: a view on the YAML tree that its file
// owns.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci {

// What a pull request does with a job or step, in rising order: of two ways to it the greater counts, of a
// chain of conditions the least.
enum class Runs { unreached, no, failure, maybe, yes };

std::string_view runs_name(Runs runs);  // "unreached", "no", "failure", "maybe", "yes"

struct Remark {
  int line = 0;
  std::string reason;
};

// `uses:` taken apart.
struct ActionReference {
  std::string action;              // without the ref
  std::optional<std::string> ref;  // behind the '@'
  std::string pin;                 // 'sha', 'ref', 'local', 'image', 'none'
};

ActionReference read_reference(std::string_view uses);

// What a `uses:` of this repository itself names, from its root: "./a/b" (in the workspace) and "$/a/b" (in
// the repository at the commit that runs, whatever is checked out) as "a/b". nullopt for any other `uses:`.
std::optional<std::string> local_path(std::string_view uses);

struct Artifact;

struct Step {
  int position = 0;  // counts from 0
  int line = 0;      // of its first key
  std::optional<std::string> id;
  std::optional<std::string> name;
  std::optional<std::string> uses;
  int uses_line = 0;  // of the value
  std::optional<std::string> run;
  std::optional<std::string> condition;
  int condition_line = 0;
  std::optional<std::string> inputs;       // JSON of `with:`
  std::optional<std::string> environment;  // JSON of `env:`
  const yaml::Node* node = nullptr;        // the mapping, of which only what is still asked for is kept
  Runs runs = Runs::unreached;
  std::shared_ptr<Artifact> artifact;  // what it uploads or downloads, or nullptr
};

struct Service {
  std::string name;
  std::optional<std::string> image;
  int line = 0;
};

struct Job {
  std::string id;
  int line = 0;  // of its key
  std::optional<std::string> name;
  std::optional<std::string> condition;  // of GitLab: `rules:`, `only:` and `except:` as JSON
  int condition_line = 0;
  std::optional<std::string> uses;  // a reusable workflow
  int uses_line = 0;
  std::vector<std::string> needs;
  std::vector<Service> services;
  std::vector<Step> steps;
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
  std::string provider = "github";  // or "gitlab"
  std::string oid;
  std::optional<std::string> problem;  // why it could not be read as a whole
  bool refused = false;                // it could be read: the problem is why GitHub refuses it
  std::unique_ptr<yaml::Node> root;
  std::optional<std::string> name;
  std::vector<Remark> remarks;
};

struct Workflow : File {
  std::vector<Trigger> triggers;
  std::vector<Input> inputs;  // of workflow_call
  std::vector<Job> jobs;

  const Job* job(std::string_view id) const;
  const Trigger* trigger(std::string_view event) const;
};

struct Action : File {
  std::optional<std::string> kind;  // `runs.using`
  std::vector<Input> inputs;
  std::vector<Step> steps;  // of a composite action
};

struct Model {
  std::vector<Workflow> workflows;
  std::vector<Action> actions;
};

// The text of a scalar, or nullopt when there is none (also for a null and for a list or mapping).
std::optional<std::string> text_of(const yaml::Node* node);

}  // namespace exitgate::collect::ci
