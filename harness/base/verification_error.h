// A document that is not what it should be: a verification that failed, told apart from one that could not be made
// (Undecided).
#pragma once

#include <string>

#include "harness/base/error.h"

namespace exitgate {

class VerificationError : public Error {
 public:
  explicit VerificationError(const std::string& message, std::string hint = "")
      : Error(Exit::failed, message, std::move(hint)) {}
};

}  // namespace exitgate
