// GitHub Actions.
#pragma once

#include <string_view>

#include "harness/collect/ci/provider.h"

namespace exitgate::collect::ci::github {

constexpr std::string_view kName = "github";
constexpr std::string_view kWorkflows = ".github/workflows/";  // the folder

const Provider& provider();

}  // namespace exitgate::collect::ci::github
