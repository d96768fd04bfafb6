// What a test reads of an error.
#pragma once

#include <fmt/core.h>

#include <string>

#include "harness/base/error.h"

namespace exitgate::database {

// All that a user would be told.
template <typename Doing>
std::string told(const Doing& doing) {
  try {
    doing();
  } catch (const Error& error) {
    return fmt::format("{}\n{}", error.what(), error.hint());
  }
  return "no error";
}

}  // namespace exitgate::database
