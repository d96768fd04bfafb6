// What is left in a run directory that looks like a secret in the clear.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/record/parts.h"
#include "harness/record/run_directory.h"

namespace exitgate::collect::secrets {

// A place that looks like one: never the secret itself.
struct ResidualSecret {
  std::string path;
  std::size_t line = 0;  // 0 in a fact store
  std::string place;     // "ci.step.run, row 7" in a fact store, else ""
  std::string kind;      // "password in a URL"
};

// "logs/ctest.log: line 3: password in a URL", "facts/ci.db: ci.step.run, row 7: …".
std::string to_string(const ResidualSecret& leftover);

// Fact stores are read cell by cell. At most 100 places of each file. Throws Undecided for a file that cannot be read.
std::vector<ResidualSecret> scan(const std::filesystem::path& run,
                                 const std::vector<record::PayloadFile>& files);
std::vector<ResidualSecret> scan(const std::filesystem::path& run);  // every file

// Writes facts/bundle.db: what is left in the run's members as they are now.
void write_residual_secrets(const record::RunDirectory& run, const std::vector<std::string>& members);

}  // namespace exitgate::collect::secrets
