// How a provider says what it takes in a workflow: its keys, the kinds of their values, and what expressions
// may name there.
#pragma once

#include <span>
#include <string_view>

#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// What an expression may name: contexts and, where they are not always there, functions.
enum Names : unsigned {
  kRun = 1U << 0,  // the contexts that describe the run: Dialect::run_contexts
  kInputs = 1U << 1,
  kVars = 1U << 2,
  kNeeds = 1U << 3,
  kStrategy = 1U << 4,
  kMatrix = 1U << 5,
  kSecrets = 1U << 6,
  kSteps = 1U << 7,
  kJob = 1U << 8,
  kRunner = 1U << 9,
  kEnv = 1U << 10,
  kJobs = 1U << 11,
  kStatus = 1U << 12,     // success(), failure(), always(), cancelled()
  kHashFiles = 1U << 13,  // hashFiles()
};

// The names of the contexts behind kRun, the lowest bit first.
constexpr std::string_view kContextNames[] = {"inputs", "vars", "needs",  "strategy", "matrix", "secrets",
                                              "steps",  "job",  "runner", "env",      "jobs"};

enum class Scalar {
  none,       // no scalar: a list or a mapping
  text,       // any scalar, null too
  filled,     // a string that is not empty
  boolean,    // true, false
  number,     //
  null,       // nothing, as in `pull_request:`
  condition,  // `if:`
};

struct Shape;

struct Key {
  std::string_view name;
  const Shape* value;
  bool required = false;
  // That it is missing is a problem of its place: what the rest says is plain all the same.
  bool undecided = false;
};

// One key's value. A list, a mapping and a scalar may be allowed side by side.
struct Shape {
  std::string_view what;  // "a job", for messages
  Scalar scalar = Scalar::none;
  std::span<const std::string_view> words = {};  // the only values
  const Shape* items = nullptr;                  // of a list; nullptr: no list
  bool filled_list = false;                      // which must not be empty
  bool mapping = false;
  std::span<const Key> keys = {};  // of a mapping
  const Shape* others = nullptr;   // of all other keys; nullptr: there are none
  bool anything = false;           // all kinds, to any depth
  bool elsewhere = false;          // looked at by itself
  // What expressions may name here and below; 0: what they may name above, at the root nothing, which means
  // that there may be none.
  unsigned names = 0;
};

// What a provider takes in a workflow.
struct WorkflowSchema {
  const Shape* workflow;  // all but `on:` and the jobs
  const Shape* job;       // of a job that has steps, all but these
  const Shape* call;      // of a job that calls a workflow
  const Shape* workflow_call;
  const Shape* workflow_dispatch;
  const Shape* schedule;
  const Shape* event;  // what stands under any other event
  // The shape of a step, by the key that says what it does; nullptr: none does.
  const Shape* (*step)(const yaml::Node& step);
  // Whether it takes the text for a time of `on: schedule`.
  bool (*is_cron)(std::string_view text);
  std::span<const std::string_view> events;  // that it knows
  std::string_view folder;                   // of workflows, with a slash at its end
  std::size_t longest_id = 0;                // of a job or step; 0: as long as one likes
  bool reserved_ids = false;                 // '__' in front of an id is the provider's own
  bool unique_step_ids = false;              // no two steps of a job may have one id
  bool exclusive_filters = false;            // `branches` beside `branches-ignore` is refused, and so on
  std::size_t longest_template = 0;          // of a string with expressions; 0: as long as one likes
};

}  // namespace exitgate::collect::ci::actions
