// What checks say where no database was provisioned: the same of all of them, so that it is told once.
#pragma once

#include "harness/check/check.h"

namespace exitgate::check {

// Whether the target names no way to provision a database (schema.plan).
bool has_no_plan(const Facts& facts);

// Skips, with the reason of schema.plan and what to write.
void skip_without_plan(const Facts& facts, Report& report);

}  // namespace exitgate::check
