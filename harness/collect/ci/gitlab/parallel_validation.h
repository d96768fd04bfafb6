// What GitLab refuses of `parallel:` and `retry:`.
#pragma once

#include <string>

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

void validate_parallel(const yaml::Node& parallel, const std::string& what, Checks& checks);
void validate_retry(const yaml::Node& retry, const std::string& what, Checks& checks);

}  // namespace exitgate::collect::ci::gitlab
