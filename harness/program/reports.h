// The documents of a run that people and tools read.
#pragma once

#include "harness/check/run_directory.h"

namespace exitgate::program {

// Writes EVIDENCE.md, junit.xml, report.html and results.sarif into the run directory.
void write_reports(const RunDirectory& run);

}  // namespace exitgate::program
