// What GitLab refuses of `image:` and `services:`.
#pragma once

#include <string>

#include "harness/collect/ci/gitlab/checks.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

void validate_image(const yaml::Node& image, const std::string& what, Checks& checks);
void validate_services(const yaml::Node& services, const std::string& what, Checks& checks);

}  // namespace exitgate::collect::ci::gitlab
