// GitLab CI: .gitlab-ci.yml and what it includes, in the same tables.
#pragma once

#include <string_view>

#include "harness/collect/ci/provider.h"

namespace exitgate::collect::ci::gitlab {

constexpr std::string_view kName = "gitlab";
constexpr std::string_view kConfiguration = ".gitlab-ci.yml";

const Provider& provider();

}  // namespace exitgate::collect::ci::gitlab
