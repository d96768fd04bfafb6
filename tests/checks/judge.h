// Runs a check on facts written for the occasion, and shows all that it says.
#pragma once

#include <string>

namespace exitgate::testing {

// `facts` is SQL over the six stores (INSERT INTO ci.workflow …), `with` the gate's parameters as JSON.
// The answer has one line for each thing said:
//   "3 examined"
//   "FAIL ci.yml:12: message"  "  > hint"     a finding
//   "?    ci.yml: message"     "  > hint"     one that could not be decided
//   "skip: reason"             "note: line"
// A thrown error is "error: message" and "  > hint".
std::string judge(const std::string& check, const std::string& with, const std::string& facts);

// Keys of the findings, one a line: what waivers and baselines hold on to.
std::string keys(const std::string& check, const std::string& with, const std::string& facts);

}  // namespace exitgate::testing
