// The files of a commit as folders to run commands in.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/collect/checkout.h"

namespace exitgate::collect::schema {

// A file of the commit that could not be written.
struct LeftOut {
  std::string path;
  std::string reason;
  bool is_missing = false;  // the clone lacks its blob, which another clone may have
};

// Writes the commit's files into each of the folders, which exist and are empty, with their execute bits and
// symbolic links. Nothing is written outside of them, whatever the commit's paths and links say. Submodules
// become empty folders. Throws Undecided when something cannot be written.
std::vector<LeftOut> export_commit(const collect::Checkout& checkout,
                                   const std::vector<std::filesystem::path>& folders);

}  // namespace exitgate::collect::schema
