// The files of a run directory, and what is wrong with the bundle that they make.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace exitgate::record {

struct PayloadFile {
  std::string path;  // relative to the run directory, with '/'
  std::uint64_t size = 0;
};

// A file that no archive can hold.
struct Unsealable {
  std::string path;    // printable
  std::string reason;  // "has a line break in its name"
};

// Every file that an archive can hold, sorted by the bytes of its path. Throws Undecided, naming it, for a link or a
// device. A name that BagIt and sha256sum would spell differently, or that some file system takes for another one here
// (harness/record/names.h), goes to `left_out`; of two such names the first in the order of bytes is left out.
// With `members`, only what is in these names at the top of the directory.
std::vector<PayloadFile> payload_of(const std::filesystem::path& run,
                                    const std::vector<std::string>& members = {},
                                    std::vector<Unsealable>* left_out = nullptr);

// A part of the bundle that must be there and not empty.
struct Required {
  Required(const char* of) : part(of) {}
  Required(std::string of, std::string who = "") : part(std::move(of)), by(std::move(who)) {}
  std::string part;  // relative to the run directory; '*' and '?' stand for any: then one file must match
  std::string by;    // who asks, "EG-CG4.environment, gates/EG-CG4.yaml:60"; "" for what every run leaves
};

// Those that are missing or empty: "schema/dump.sql is missing (asked for by EG-CG4, gates/EG-CG4.yaml:5)".
std::vector<std::string> missing_parts(const std::vector<PayloadFile>& files,
                                       const std::vector<Required>& required);

// Parts that schema.part and environment.part list and that are not the files their stage wrote, are empty,
// or had a problem there.
std::vector<std::string> changed_parts(const std::filesystem::path& run);

}  // namespace exitgate::record
