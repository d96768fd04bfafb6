// The variables of a job as the configuration sets them, and texts with them put in.
//
// A variable of the same name in the settings of the project or group goes before those of the configuration, and no
// commit says whether there is one: whether a job runs is never decided by them here, only what names and paths come to.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/gitlab/parallel.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// A text with its variables put in.
struct Expanded {
  std::string text;     // what is not known stands as it is written: "logs-$CI_COMMIT_SHA"
  std::string pattern;  // what is not known as '*': "logs-*"
  bool known = true;    // there is no such part
  bool constant =
      true;  // what is not known is the same for all jobs of a pipeline, and of those that it triggers
};

class Variables {
 public:
  struct Value {
    std::optional<std::string> text;  // nullopt: only the run knows
    bool expand = true;               // whether it may name variables itself
  };
  using Values = std::map<std::string, Value, std::less<>>;

  // What all jobs of a pipeline have: `root` is the whole configuration, `workflow` what its rules come to. `forwarded`: what
  // the job hands on that triggers the pipeline; it goes before all that the configuration sets.
  Variables(const yaml::Node& root, const Decision& workflow, std::string_view source, Values forwarded = {});

  // Those of a job in it. `one`: nullptr where no `parallel:` is known; `index` counts from 1.
  Variables of_job(const std::string& id, const yaml::Node& job, const Decision& decision,
                   const ParallelJob* one, std::size_t index, std::size_t total) const;

  Expanded expand(std::string_view text) const;

  // What a job with these hands on to a pipeline that it triggers.
  Values forwarded() const;

 private:
  Variables() = default;
  void add(const yaml::Node* variables, bool unknown = false);
  void add(const Decision& decision);
  void append(std::string_view text, int depth, Expanded& into) const;
  void append_variable(std::string_view name, std::string_view written, int depth, Expanded& into) const;

  bool is_root_ = false;  // a merge request starts the pipeline itself
  Values predefined_;
  Values set_;  // by the configuration
  Values forwarded_;
};

}  // namespace exitgate::collect::ci::gitlab
