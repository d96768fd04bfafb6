// What a throwaway server needs to be reached by TCP: most programs outside libpq cannot be given a unix socket by a URL.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/process.h"

namespace exitgate::database {

// A port of 127.0.0.1 that nobody listens on now; nullopt where there is no loopback, in a sandbox say.
std::optional<int> free_port();

// 32 hexadecimal digits that nobody can guess. Throws Undecided.
std::string random_password();

// Writes server.key and server.crt into `folder`, a new key and a certificate for it that nobody has signed: lib/pq of Go
// asks for TLS by default and does not look at who signed. `owner`: of the key, as PostgreSQL demands. Throws Undecided.
void write_certificate(const std::filesystem::path& folder, const std::optional<Command::Identity>& owner);

}  // namespace exitgate::database
