// A run directory as a real run leaves it, made in a temporary folder.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "harness/record/run_record.h"

namespace exitgate::archive {

inline constexpr const char* kCommit = "d1b778853611875b3dd20fd0ddd6a2432d65d321";
inline constexpr const char* kTree = "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567";

// run.json, EVIDENCE.md, junit.xml, three gates with verdicts, facts of repo, ci and schema, a dump, logs.
void write_sample_run(const std::filesystem::path& run);

// run.json alone, of what is in the directory now: its gates, those with a verdict selected, the outcome and the suite's
// digest. `change` may change it before it is written.
void write_sample_record(const std::filesystem::path& run,
                         const std::function<void(record::RunRecord&)>& change = nullptr);

}  // namespace exitgate::archive
