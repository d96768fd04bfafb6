// The fact stores that a gate's own queries read.
#pragma once

#include "harness/check/check.h"
#include "harness/verdict/verdict.h"

namespace exitgate::gate {

// A check that takes the domains as a parameter gets those, too, that its queries read.
void name_domains(verdict::Gate& gate, const check::Check& check);

}  // namespace exitgate::gate
