// An answer to a query, as `exitgate query` prints it.
#pragma once

#include <cstddef>
#include <string>

#include "harness/facts/answer.h"

namespace exitgate::cli {

// For people: columns under their names, numbers to the right, NULL as NULL, control characters as '?'. `width`: of the
// terminal in characters, into which long texts are cut; 0 cuts nothing.
std::string as_table(const facts::Answer& answer, std::size_t width);

// One array of objects, the columns by name, numbers as numbers. Throws UsageError when a name is there twice.
std::string as_json(const facts::Answer& answer);

// RFC 4180, with a header line. NULL is an empty field, an empty text is "".
std::string as_csv(const facts::Answer& answer);

}  // namespace exitgate::cli
