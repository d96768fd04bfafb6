// A freshly made data folder is kept as a template: initdb runs once on a machine, not in every run.
//
// It lies in ${EXITGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/exitgate}, under a key of all that initdb was
// told, and only what belongs to us and nobody else can write to is taken from there. Whatever is wrong with
// the template, the caller runs initdb: the template only ever saves time.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/process.h"

namespace exitgate::database {

// Copies the template of that key to `data`, for `owner` when given. False when there is none to be trusted.
bool take_template(const std::string& key, const std::filesystem::path& data,
                   const std::optional<Command::Identity>& owner);

// Keeps a copy of `data`, in which no server has run. Failing to do so is not an error.
void keep_template(const std::string& key, const std::filesystem::path& data);

}  // namespace exitgate::database
