// Facts for the author of a gate, who waits for them: `exitgate query` and `exitgate try` collect only the domains that a
// query or a gate names, into a folder of their own, and take what the same program has collected of the same commit before
// from the user's cache. A run never does: it collects all of its facts itself.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/collect/asked/collect.h"
#include "harness/collect/checkout.h"

namespace exitgate::stages {

// A checkout for collectors that may turn out not to be needed: listing the tree of a large repository takes its time.
struct AuthorCheckout {
  git::Repository repository;
  std::string commit;
  std::string base;                               // collect::Checkout::base
  std::vector<collect::AskedRequest> asked = {};  // for the domain `asked`
};

// FOLDER/<domain>.db for each of `domains`, all of them among repository_domains(). Kept from one call to the next, in
// ${EXITGATE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/exitgate}/commits, under a key of all that decides them: the commit, the
// repository's configuration and references, the CI service's variables, and the program itself. Nothing is kept of a clone
// that lacks objects, and neither are `repo` and `environment`, which say something of the work tree and the machine.
// RUN_ROOT: as collect_repository() has it.
void collect_for_author(const AuthorCheckout& checkout, const std::vector<std::string>& domains,
                        const std::filesystem::path& folder, const std::filesystem::path& run_root = "");

}  // namespace exitgate::stages
