// A check that is not linked into this program, but is an executable of its own: where it is.
#pragma once

#include <filesystem>

#include "harness/check/check.h"

namespace exitgate::check {

// "" for a check that is linked into this program.
std::filesystem::path program_of(const Check& check);

// `check` is a registered one, by its address.
void set_program(const Check& check, std::filesystem::path program);

}  // namespace exitgate::check
