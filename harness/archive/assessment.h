// What is wrong with a run's evidence, before it is sealed: the run's outcome and its reports say it too.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/record/parts.h"

namespace exitgate::archive {

struct SealOptions;

struct Assessment {
  std::vector<record::PayloadFile> files;  // those that were looked at
  // A line each: parts that are missing or empty, that are not the files their stage wrote, that look like a secret,
  // and a suite that changed since the run began.
  std::vector<std::string> problems;
  std::set<std::string> withheld;  // paths that are not to be packed
};

// Looks at the run directory as it is. `to_come`: files that are written later and not missed now ("EVIDENCE.md").
// Throws Undecided when something looks like a secret and the options ask to stop at that, or a file cannot be read.
Assessment assess(const SealOptions& options, const std::vector<std::string>& to_come = {});

// As assess(), but what `earlier` looked at is not read again unless it has another size now.
Assessment assess_again(const SealOptions& options, const Assessment& earlier);

}  // namespace exitgate::archive
