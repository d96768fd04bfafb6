// A run's evidence in one screen.
#pragma once

#include <filesystem>
#include <string>

namespace exitgate::archive {

// What was tested, what came out, the red gates with where to look, what is incomplete, and what the archive
// says of itself. `source`: an archive, a run directory or an unpacked bag; nothing is verified beyond the
// archive's own checksums. Throws UsageError, VerificationError.
std::string show(const std::filesystem::path& source);

}  // namespace exitgate::archive
