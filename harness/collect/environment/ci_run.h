// The CI run that a run is part of, in terms that are the same for every service.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/redact/redactor.h"

namespace exitgate::collect {

struct CiRun {
  std::string service;  // 'github', 'gitlab', 'jenkins', 'other'
  std::optional<std::string> run;
  std::optional<std::int64_t> attempt;
  std::optional<std::string> actor;
  std::optional<std::string> workflow;
  std::optional<std::string> job;
  std::optional<std::string> event;
  std::optional<std::string> ref;
  std::optional<std::string> commit;  // that the service says it runs for
  std::optional<std::string> head;    // head of the pull request's branch
  std::optional<std::string> base;    // commit that the pull request is compared with
  std::optional<std::string> url;
  std::optional<std::string> repository;  // its path at the service: "owner/name"
};

// nullopt outside CI. `environment`: "NAME=value" entries. On GitHub the pull request's commits stand in the
// file that GITHUB_EVENT_PATH names; a file that cannot be read leaves them unknown.
std::optional<CiRun> describe_ci_run(const std::vector<std::string>& environment, const Redactor& redactor);

}  // namespace exitgate::collect
