// Steps that upload or download artifacts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/ci/actions/dialect.h"
#include "harness/collect/ci/artifact.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::actions {

// What the step uploads or downloads, itself or through a wrapper that is given the action as `action:`
// (`uses: ./.github/actions/retry` with `action: actions/upload-artifact@v4`); nullopt for any other step.
std::optional<Artifact> read_artifact(const Step& step, const Dialect& dialect);

// Whether a name can fit both globs, of which '*' is any run of characters.
bool globs_meet(std::string_view one, std::string_view other);

// A string with expressions as a glob: each `${{ … }}` is '*'.
std::string name_glob(std::string_view text);

}  // namespace exitgate::collect::ci::actions
