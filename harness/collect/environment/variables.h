// Environment variables that say how a run came about. Only names on a list are looked at: a variable that
// nobody thought of cannot leak.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "harness/redact/redactor.h"

namespace exitgate::collect::environment {

// Name and value, sorted by name. `environment`: "NAME=value" entries.
std::vector<std::pair<std::string, std::string>> described_variables(
    const std::vector<std::string>& environment, const redact::Redactor& redactor);

// Those of this process.
std::vector<std::string> process_environment();

}  // namespace exitgate::collect::environment
