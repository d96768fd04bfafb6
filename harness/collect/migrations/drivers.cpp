#include "harness/collect/migrations/drivers.h"

#include <algorithm>
#include <array>
#include <set>

#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

struct Ecosystem {
  std::vector<std::string_view> files;    // names, or endings such as "*.csproj"
  std::vector<std::string_view> drivers;  // as they are written there
};

const std::vector<Ecosystem>& ecosystems() {
  static const std::vector<Ecosystem> all = {
      {{"requirements.txt", "pyproject.toml", "Pipfile", "setup.py", "setup.cfg"},
       {"psycopg", "psycopg2", "psycopg2-binary", "asyncpg", "pg8000", "mysqlclient", "pymysql", "aiomysql"}},
      {{"package.json"},
       {"pg", "postgres", "mysql", "mysql2", "@prisma/client", "typeorm", "sequelize", "knex", "drizzle-orm",
        "@mikro-orm/core"}},
      {{"go.mod"},
       {"github.com/lib/pq", "github.com/jackc/pgx", "github.com/jackc/pgx/v4", "github.com/jackc/pgx/v5",
        "github.com/go-sql-driver/mysql", "gorm.io/driver/postgres", "gorm.io/driver/mysql",
        "github.com/uptrace/bun"}},
      {{"Cargo.toml"}, {"sqlx", "diesel", "postgres", "tokio-postgres", "sea-orm", "mysql", "mysql_async"}},
      {{"Gemfile"}, {"pg", "mysql2", "trilogy"}},
      {{"pom.xml", "build.gradle", "build.gradle.kts"},
       {"org.postgresql", "mysql-connector-j", "mysql-connector-java", "mariadb-java-client"}},
      {{"composer.json"}, {"ext-pdo_pgsql", "ext-pgsql", "doctrine/dbal", "doctrine/orm"}},
      {{"mix.exs"}, {"postgrex", "myxql"}},
      {{"*.csproj"}, {"Npgsql", "Npgsql.EntityFrameworkCore.PostgreSQL", "MySqlConnector"}}};
  return all;
}

bool is_of_others(std::string_view path) {
  constexpr std::array<std::string_view, 15> kFolders = {
      "test",    "tests",    "testdata", "testing", "__tests__",    "fixtures",  "spec",      "e2e",
      "example", "examples", "docs",     "vendor",  "node_modules", "benchmark", "benchmarks"};
  const auto parts = split(path, '/');
  return std::any_of(parts.begin(), parts.end() - 1, [&](const std::string& part) {
    return std::find(kFolders.begin(), kFolders.end(), part) != kFolders.end();
  });
}

bool names_file(std::string_view pattern, std::string_view file) {
  const auto name = name_of(file);
  return pattern.starts_with('*') ? name.ends_with(pattern.substr(1)) : name == pattern;
}

bool is_part_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.' || c == '/' || c == '@';
}

// A whole name: "pg" is not in "pg-format", and "postgres" not in "//postgres".
bool has_name(std::string_view line, std::string_view name) {
  for (std::size_t at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
    const bool begins = at == 0 || !is_part_of_name(line[at - 1]);
    const std::size_t end = at + name.size();
    if (begins && (end == line.size() || !is_part_of_name(line[end]))) return true;
  }
  return false;
}

}  // namespace

std::vector<DeclaredDriver> drivers_in(std::string_view text, const std::string& file) {
  std::vector<DeclaredDriver> found;
  std::set<std::string_view> seen;
  for (const auto& one : ecosystems()) {
    const bool of_it = std::any_of(one.files.begin(), one.files.end(),
                                   [&](std::string_view pattern) { return names_file(pattern, file); });
    if (!of_it) continue;
    std::int64_t number = 0;
    for (const auto& line : split(text, '\n')) {
      ++number;
      for (const auto name : one.drivers) {
        if (has_name(line, name) && seen.insert(name).second)
          found.push_back({file, number, std::string(name)});
      }
    }
  }
  return found;
}

std::vector<DeclaredDriver> declared_drivers(Source& source) {
  std::vector<std::string> files;
  for (const auto& one : ecosystems()) {
    for (const auto pattern : one.files) {
      for (const auto& path : source.named(pattern)) {
        if (!is_of_others(path)) files.push_back(path);
      }
    }
  }
  std::sort(files.begin(), files.end());
  source.read_ahead(files);
  std::vector<DeclaredDriver> found;
  for (const auto& file : files) {
    const auto text = source.read(file);
    if (!text) continue;
    for (auto& driver : drivers_in(*text, file)) found.push_back(std::move(driver));
  }
  return found;
}

}  // namespace exitgate::collect
