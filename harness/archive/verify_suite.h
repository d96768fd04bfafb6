// Whether an archive's gates are those of a trusted suite: in the archive itself a gate could have been weakened.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/archive/claims.h"
#include "harness/verdict/verdict.h"

namespace exitgate::archive {

// The claim "suite". `folder` holds the archive's suite/; `trusted` and `bundle` are those of VerifyOptions.
void check_suite(const std::filesystem::path& folder, const std::vector<verdict::Gate>& trusted,
                 const std::vector<std::string>& bundle, Claims& claims);

}  // namespace exitgate::archive
