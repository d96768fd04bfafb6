// The schema as pg_dump writes it, the same every time.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

struct Dump {
  std::string text;                    // "" with a problem
  bool repeated = false;               // a second dump was the same
  std::optional<std::string> problem;  // why there is no dump
  std::string hint;
};

// `pg_dump --schema-only` of a database of the embedded server, twice at a time. Never throws for what
// pg_dump does: a dump that is missing, or too old for the server, is a problem for a gate to judge.
Dump dump_schema(const database::Cluster& cluster, const database::ServerPrograms& programs,
                 const std::string& database);

// The dump without what gives access: connection strings of subscriptions, options of user mappings and
// foreign servers whose names say password, secret, token or key.
std::string without_secrets(std::string_view dump);

}  // namespace exitgate::collect::schema
