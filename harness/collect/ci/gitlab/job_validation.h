// What GitLab refuses of a job by itself.
#pragma once

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// Whether a mapping at the top has what makes a job of it.
bool looks_like_job(const yaml::Node& node);

// Whether it is a job that can be seen. `all_known`: nothing is included that is not read and may say more of it.
bool check_job(const yaml::Entry& entry, bool all_known, Checks& checks);

}  // namespace exitgate::collect::ci::gitlab
