// What a measurement says: as JSON, kept with the run, and for people.
#pragma once

#include <string>
#include <vector>

#include "harness/json/json.h"
#include "harness/sensitivity/measure.h"

namespace exitgate::sensitivity {

// Its name in the run directory.
inline constexpr const char* kFile = "sensitivity.json";

// {"seed", "planned", "tried", "noticed", "by_census_alone", "out_of_time", "gates": [{"gate", "judged", "tables", "tried", "noticed",
// "broken"}], "unnoticed": [{"kind", "table", "column", "file", "line"}], "unread": ["ci.job.name"]}
Json to_json(const Sensitivity& measured);

// "EG-CG1.paths is broken: it noticed none of 12 changes to ci.artifact and ci.workflow, which it reads", one for each
// gate that is.
std::vector<std::string> broken_gates(const Sensitivity& measured);

// The map: of each gate how much it noticed; by table, column and file what no gate noticed; what no gate reads.
std::string render(const Sensitivity& measured);

}  // namespace exitgate::sensitivity
