// The files of a run directory, and what is wrong with the bundle that they make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace exitgate::evidence {

struct PayloadFile {
  std::string path;  // relative to the run directory, with '/'
  std::uint64_t size = 0;
};

// Every file, sorted by the bytes of its path. Throws Undecided, naming it, for a link, a device, or a name
// that BagIt and sha256sum would spell differently.
// With `members`, only what is in these names at the top of the directory.
std::vector<PayloadFile> payload_of(const std::filesystem::path& run,
                                    const std::vector<std::string>& members = {});

// Required parts (paths or globs) that are missing or empty: "schema/dump.sql is missing".
std::vector<std::string> missing_parts(const std::vector<PayloadFile>& files,
                                       const std::vector<std::string>& required);

// Parts that schema.part and environment.part list and that are not the files their stage wrote, are empty,
// or had a problem there.
std::vector<std::string> changed_parts(const std::filesystem::path& run);

}  // namespace exitgate::evidence
