// Environment reads as tests compare them: "2 X required", "3 NULL optional", "4 Y NULL".
#pragma once

#include <fmt/core.h>

#include <string>

#include "harness/collect/code/extract.h"

namespace exitgate::collect::code {

// Line, variable, and whether it is required; "NULL" is unknown.
inline std::string line_of(const EnvironmentRead& read) {
  return fmt::format("{} {} {}", read.line, read.variable.value_or("NULL"),
                     !read.required   ? "NULL"
                     : *read.required ? "required"
                                      : "optional");
}

// With " if …" behind it where the read stands under a condition.
inline std::string line_with_condition(const EnvironmentRead& read) {
  return line_of(read) + (read.condition ? " if " + *read.condition : "");
}

}  // namespace exitgate::collect::code
