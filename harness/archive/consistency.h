// Whether what an archive says of its run in one place is what it says in another.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/archive/bag.h"
#include "harness/record/outcome.h"
#include "harness/record/run_record.h"

namespace exitgate::archive {

// What passed by while the archive was read.
struct RunDocuments {
  std::set<std::string> gates;  // of suite/gates
  record::Verdicts verdicts;
  std::set<std::string> core = {};  // of the gates, those that say `core: true`
};

// The archive's Exitgate-Incomplete: what sealing found wrong with the evidence.
std::vector<std::string> incomplete_of(const Info& info);

// bag-info.txt, run.json, the suite's gates and the verdicts against each other: the same tree, outcome, suite digest
// and counts; a verdict of each gate that was selected, and of no other. The outcome is decided again by outcome_of(),
// and `suite_digest` is the one of the sealed files, "" when they are not all there. A verdict that was withheld
// (Exitgate-Incomplete) is not missed. A record of version 1 has its digest and its outcome by older rules: of these,
// only what they promised is compared.
std::vector<std::string> record_problems(const record::RunRecord& run, const Info& info,
                                         const RunDocuments& documents, const std::string& suite_digest);

}  // namespace exitgate::archive
