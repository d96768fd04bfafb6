#include "harness/json/strict.h"

#include "harness/base/verification_error.h"

namespace exitgate {

Json parse_strict(std::string_view text, const std::string& name) {
  try {
    return Json::parse(text, name, {.unique_keys = true, .depth = 64});
  } catch (const JsonError& problem) {
    throw VerificationError(problem.what());
  }
}

}  // namespace exitgate
