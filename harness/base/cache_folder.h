// Where what may be made anew is kept between runs: ${EXITGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/exitgate}.
#pragma once

#include <filesystem>
#include <optional>

namespace exitgate {

// nullopt when none of these variables is set.
std::optional<std::filesystem::path> cache_folder();

// A folder of ours that nobody else can change.
bool is_ours(const std::filesystem::path& folder);

// Whether every user may enter it and all that it is in, as far as they are there: the server runs as another user than root.
bool is_open_to_all(std::filesystem::path folder);

}  // namespace exitgate
