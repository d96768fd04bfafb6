// An archive that is not what it should be: a verification that failed, told apart from one that could not be
// made.
#pragma once

#include <string>

#include "harness/base/error.h"

namespace exitgate::evidence {

class Refused : public Error {
 public:
  explicit Refused(const std::string& message, std::string hint = "")
      : Error(Exit::failed, message, std::move(hint)) {}
};

}  // namespace exitgate::evidence
