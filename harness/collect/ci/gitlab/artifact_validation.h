// What GitLab refuses of `artifacts:` and `cache:`.
#pragma once

#include <string>

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

void validate_artifacts(const yaml::Node& artifacts, const std::string& what, Checks& checks);
void validate_caches(const yaml::Node& caches, const std::string& what, Checks& checks);

}  // namespace exitgate::collect::ci::gitlab
