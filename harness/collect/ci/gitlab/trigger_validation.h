// What GitLab refuses of `trigger:`.
#pragma once

#include <string>

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// `job`: its name in messages, "job 'deploy'".
void validate_trigger(const yaml::Node& trigger, const std::string& job, Checks& checks);

}  // namespace exitgate::collect::ci::gitlab
