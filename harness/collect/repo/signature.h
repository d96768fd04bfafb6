// The signature of the commit, as git itself verifies it with the user's keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/git/repository.h"

namespace exitgate::collect {

struct Signature {
  std::string kind;                   // 'openpgp', 'ssh', 'x509'
  std::string status;                 // as repo.signature says
  std::optional<std::string> signer;  // as the verifying program names it
  std::optional<std::string> key;     // fingerprint or id
  std::optional<std::string> reason;  // why it is not good
};

// `kind` by the first line of the signature in the commit object; "" when it is of no known kind.
std::string signature_kind(std::string_view header_value);

// Reads what `git verify-commit --raw` wrote to standard error. Exposed for the tests.
Signature parse_verification(const std::string& kind, std::string_view said, bool succeeded);

// Never throws; what cannot be verified has the status 'undecided'.
Signature read_signature(const git::Repository& repository, const std::string& commit,
                         const std::string& kind);

}  // namespace exitgate::collect
