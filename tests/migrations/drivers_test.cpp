#include "harness/collect/migrations/drivers.h"

#include <gtest/gtest.h>

#include "harness/base/text.h"

namespace exitgate::collect {
namespace {

std::string named(std::string_view text, const std::string& file) {
  std::vector<std::string> all;
  for (const auto& driver : drivers_in(text, file))
    all.push_back(driver.name + ":" + std::to_string(driver.line));
  return join(all, " ");
}

TEST(Drivers, AreWholeNamesInTheFilesOfTheirEcosystem) {
  EXPECT_EQ(named("flask\npsycopg2-binary==2.9\nasyncpg\n", "requirements.txt"),
            "psycopg2-binary:2 asyncpg:3");
  EXPECT_EQ(named("dependencies = [\"psycopg[binary]>=3\"]\n", "app/pyproject.toml"), "psycopg:1");
  EXPECT_EQ(named("{\"dependencies\": {\n\"pg\": \"8\",\n\"pg-format\": \"1\"}}", "package.json"), "pg:2");
  EXPECT_EQ(named("require github.com/lib/pq v1\n", "go.mod"), "github.com/lib/pq:1");
  EXPECT_EQ(named("gem 'pg'\ngem 'pghero'\n", "Gemfile"), "pg:1");
  EXPECT_EQ(named("<PackageReference Include=\"Npgsql\" />", "src/App.csproj"), "Npgsql:1");
  EXPECT_EQ(named("pg postgres psycopg2", "README.md"), "");
  EXPECT_EQ(named("pg", "requirements.txt"), "");
  EXPECT_EQ(named("", "package.json"), "");
}

TEST(Drivers, AreNamedOnceForEachFile) {
  EXPECT_EQ(named("asyncpg\nasyncpg\n", "requirements.txt"), "asyncpg:1");
}

}  // namespace
}  // namespace exitgate::collect
