// What test and coverage reports say becomes the domain `tests`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/config/config.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::tests {

// A report file, and where it came from.
struct ReportFile {
  std::string path;                          // of the target's root, or as the configuration has it
  std::string content = {};                  // as it was written
  std::string problem = {};                  // why it could not be read; "" when it could
  bool of_base = false;                      // about the commit that this one is compared with
  std::optional<std::int64_t> command = {};  // of schema.test_run, that wrote it; nullopt: it was brought
  std::string root = {};        // where the commit's files lay when it was written; "" when unknown
  int line = 0;                 // of the configuration that asks for it
  std::string written_at = {};  // "" when that says nothing
  std::string revision = {};    // that it is said to be of
  std::string step = {};        // that is said to have made it
  bool tracked = false;         // it is a file of the commit
  std::string kept = {};        // where the run directory has a copy; "" when it has none
};

// A glob that no report fits, or a file that is not what the glob asks for.
struct MissingReport {
  std::string path;
  int line = 0;
  std::string reason;
};

struct Collected {
  std::vector<ReportFile> files;
  std::vector<MissingReport> missing;
};

// When a file was last changed, in UTC; "" when that cannot be told.
std::string changed_at(const std::filesystem::path& path);

// The reports that the configuration brings (`tests: {brought:, base:}`), of the work tree, or of the commit where there is
// none, or absolute; masked copies of them go into RUN/logs/tests/brought/. Throws Undecided when one cannot be written.
Collected read_brought(const config::Config& config, const Checkout& checkout,
                       const redact::Redactor& redactor, const std::filesystem::path& run);

// Writes FACTS/tests.db. Throws Undecided.
void write_tests(const Collected& collected, const config::Config& config, const Checkout& checkout,
                 const redact::Redactor& redactor, const std::filesystem::path& facts);

}  // namespace exitgate::collect::tests
