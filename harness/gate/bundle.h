// `bundle:` of gate files and exitgate.yaml: files that the archive of a run must hold, not empty.
//
//   exit-gate: EG-CG4
//   bundle: [schema/*.sql]              # asked of every run of the whole exit gate
//   gates:
//     - id: environment
//       bundle: [environment/*.txt]     # asked of every run of this gate, unless it skips
//
// In exitgate.yaml: asked of every run of the whole suite. Kept in the run as suite/bundle.json.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "harness/config/reader.h"
#include "harness/json/json.h"

namespace exitgate::gate {

// What lies at the top of a run directory: all that a run writes, all that is packed, and all that is ever
// removed from one.
inline constexpr std::array<std::string_view, 13> kMembers = {
    "run.json", "suite",       "facts",     "verdicts",    "schema",        "migrations",      "environment",
    "logs",     "EVIDENCE.md", "junit.xml", "report.html", "results.sarif", "sensitivity.json"};

struct BundlePart {
  std::string path;  // in the run directory; '*' and '?' stand for any: then at least one file must match
  std::string gate;  // "EG-CG4.environment"; "" when asked by an exit gate or by exitgate.yaml
  std::string exit_gate;  // "EG-CG4"; "" when asked by exitgate.yaml
  std::string where;      // "gates/EG-CG4.yaml:3"
};

// A `bundle:` as it is written. Throws UsageError for a path that no archive could hold, with its line.
std::vector<BundlePart> read_bundle(const config::Reader& read, const yaml::Node& node,
                                    const std::string& exit_gate, const std::string& gate);

Json to_json(const std::vector<BundlePart>& bundle);
std::vector<BundlePart> bundle_from_json(const Json& json);  // throws Undecided

}  // namespace exitgate::gate
