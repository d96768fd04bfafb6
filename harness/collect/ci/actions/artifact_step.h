// Steps that upload or download artifacts.
#pragma once

#include <cstdint>
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

// A string with expressions as a glob: each `${{ … }}` is '*'.
std::string name_glob(std::string_view text);

// Of a path, expressions and all, the file's name; nullopt when it is that of more than one file, perhaps.
std::optional<std::string> file_name(std::string_view path);

// Whether the action can upload a file as it is (`archive: false`), under the file's own name.
bool can_upload_unpacked(const Artifact& artifact);

// A number of days as the action reads it: the whole number that the text begins with ("30 days").
std::optional<std::int64_t> days_of(std::string_view text);

// Whether the action knows `pattern:`; before version 4 it does not, and downloads everything.
bool reads_pattern(const Artifact& artifact);

// Whether a pattern of names has signs other than '*' (harness/base/minimatch.h), so that no simple glob says the same.
bool has_pattern_signs(std::string_view pattern);

}  // namespace exitgate::collect::ci::actions
