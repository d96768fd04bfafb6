// The documents of a run that people and tools read.
#pragma once

#include <string>
#include <vector>

#include "harness/record/run_directory.h"

namespace exitgate::stages {

// The names of the documents, in the run directory.
std::vector<std::string> report_names();

// Writes EVIDENCE.md, junit.xml, report.html and results.sarif into the run directory.
void write_reports(const record::RunDirectory& run);

}  // namespace exitgate::stages
