#include "harness/collect/ci/service_database.h"

#include <string_view>

#include "harness/base/text.h"

namespace exitgate::collect::ci {

namespace {

using facts::ci::ServiceDatabase;

struct Known {
  std::string_view glob;
  ServiceDatabase database;
};
constexpr Known kKnown[] = {
    {"*postg*", ServiceDatabase::postgresql},      {"*pgvector*", ServiceDatabase::postgresql},
    {"*timescale*", ServiceDatabase::postgresql},  {"*paradedb*", ServiceDatabase::postgresql},
    {"pg", ServiceDatabase::postgresql},           {"*mariadb*", ServiceDatabase::mysql},
    {"*mysql*", ServiceDatabase::mysql},           {"*percona*", ServiceDatabase::mysql},
    {"*mssql*", ServiceDatabase::sqlserver},       {"*azure-sql-edge*", ServiceDatabase::sqlserver},
    {"*cockroach*", ServiceDatabase::cockroachdb}, {"*oracle-xe*", ServiceDatabase::oracle},
    {"*oracle-free*", ServiceDatabase::oracle},    {"*oracle*database*", ServiceDatabase::oracle},
};

// Images that only speak to one, or look after it.
constexpr std::string_view kBeside[] = {"*exporter*", "*pgbouncer*", "*pgadmin*", "*postgrest*",
                                        "*phpmyadmin*"};

std::optional<ServiceDatabase> by_name(std::string_view name) {
  for (const std::string_view glob : kBeside) {
    if (glob_match(glob, name)) return std::nullopt;
  }
  for (const Known& known : kKnown) {
    if (glob_match(known.glob, name)) return known.database;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ServiceDatabase> service_database(const std::optional<std::string>& image,
                                                const std::string& name) {
  const bool known = image && image->find('$') == std::string::npos;
  if (image) {
    if (const auto database = by_name(lower(*image)); database || known) return database;
  }
  return by_name(lower(name));
}

}  // namespace exitgate::collect::ci
