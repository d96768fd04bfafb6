// Whether what an archive says of its run in one place is what it says in another.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/archive/bag.h"
#include "harness/json/json.h"

namespace exitgate::archive {

// What passed by while the archive was read.
struct RunDocuments {
  std::set<std::string> gates;                  // of suite/gates
  std::map<std::string, std::string> verdicts;  // gate → status
};

// bag-info.txt, run.json, the suite's gates and the verdicts against each other: the same commit, tree,
// outcome and counts; a verdict of each gate that was selected, and of no other. What run.json does not say
// is not compared, and a verdict that was withheld (Exitgate-Incomplete) is not missed.
std::vector<std::string> record_problems(const Json& record, const Info& info, const RunDocuments& documents);

// "31 pass, 8 fail, 9 skip, 0 error, 0 not evaluated", as bag-info.txt says it.
std::string verdict_counts(const RunDocuments& documents);

}  // namespace exitgate::archive
