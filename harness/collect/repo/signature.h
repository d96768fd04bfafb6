// The signature of the commit, as git itself verifies it with the user's keys.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/facts/tables/repo.h"
#include "harness/git/repository.h"

namespace exitgate::collect::repo {

using Signature = facts::repo::Signature;

// `kind` by the first line of the signature in the commit object; "" when it is of no known kind.
facts::repo::SignatureKind signature_kind(std::string_view header_value);

// Reads what `git verify-commit --raw` wrote to standard error. Exposed for the tests.
Signature parse_verification(facts::repo::SignatureKind kind, std::string_view said, bool succeeded);

// Never throws; what cannot be verified has the status 'undecided'.
Signature read_signature(const git::Repository& repository, const std::string& commit,
                         facts::repo::SignatureKind kind);

}  // namespace exitgate::collect::repo
