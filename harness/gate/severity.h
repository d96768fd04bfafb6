// `severity:` of a gate file.
#pragma once

#include "harness/config/reader.h"
#include "harness/verdict/verdict.h"

namespace exitgate::gate {

// Throws UsageError, at the place of the value.
verdict::Severity severity_at(const config::Reader& read, const yaml::Node& node);

}  // namespace exitgate::gate
