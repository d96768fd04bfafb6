// A second run takes what the first found in blobs that did not change, and finds the same as one that reads all of them.
#include <gmock/gmock.h>

#include <filesystem>

#include "harness/collect/code/collect.h"
#include "harness/collect/code/file_facts_io.h"
#include "harness/facts/facts.h"
#include "harness/facts/tables.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::collect::code {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class KeptFiles : public testing::Test {
 protected:
  // All rows of code.db, and what was said.
  std::vector<std::string> collect(bool cached) {
    said_.clear();
    const TemporaryDirectory out("kept-files");
    const auto repository = git::Repository::open(scratch_.root());
    const auto commit = repository.resolve_commit("HEAD");
    collect_code(
        {repository, commit, repository.tree(commit), "", cached ? cache_.path() : std::filesystem::path(),
         [&](const std::string& line) { said_.push_back(line); }},
        out.path());
    const facts::Facts facts(out.path(), {"code"});
    std::vector<std::string> rows;
    for (const auto& table : facts::tables()) {
      if (table.domain != "code") continue;
      for (const auto& row : facts.query("SELECT * FROM code.[" + table.name + "]")) {
        std::string text = table.name;
        for (const auto& cell : row.cells()) text += "|" + cell.value_or("NULL");
        rows.push_back(text);
      }
    }
    return rows;
  }

  test::ScratchRepository scratch_;
  TemporaryDirectory cache_{"kept-files-cache"};
  std::vector<std::string> said_;
};

TEST_F(KeptFiles, GiveTheSameFacts) {
  scratch_.write(
      "tests/conftest.py",
      "import os\nimport pytest\nfrom app import settings\nfrom app.tables import create_all\n"
      "URL = os.environ['DATABASE_URL']\nos.environ['A'] = 'b'\n\n@pytest.fixture(scope='session')\n"
      "def engine():\n    Base.metadata.create_all(URL)\n    create_all()\n\n"
      "def pytest_sessionstart(session):\n    pass\n");
  scratch_.write("app/settings.py",
                 "import os\nfrom dotenv import load_dotenv\nload_dotenv('.env')\n"
                 "if os.getenv('CI', 'no'):\n    X = os.environ['DATABASE_URL']\n");
  scratch_.write("app/tables.py", "def create_all():\n    pass\n");
  scratch_.write("app/.env", "DATABASE_URL=postgres://h/d\n");
  scratch_.write("broken.py", "def f(:\n  os.environ['X']\n");
  scratch_.write("src/data.ts",
                 "import { DataSource } from 'typeorm';\nnew DataSource({synchronize: true});\n");
  scratch_.write("pytest.ini", "[pytest]\nenv =\n    DATABASE_URL=x\naddopts = --nomigrations\n");
  scratch_.write("README.md", "Run `alembic upgrade head`.\n");
  scratch_.commit();
  const auto fresh = collect(false);
  EXPECT_THAT(said_, IsEmpty());
  EXPECT_EQ(collect(true), fresh);
  EXPECT_THAT(said_, IsEmpty());
  EXPECT_EQ(collect(true), fresh);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("code: 8 of 8 files were read before")));
  // Another commit: what other files give, or import, counts as it is there.
  scratch_.write("app/.env", "OTHER=1\n");
  scratch_.write("app/tables.py", "from sqlalchemy import Table\n");
  scratch_.commit();
  const auto changed = collect(false);
  EXPECT_NE(changed, fresh);
  EXPECT_EQ(collect(true), changed);
  EXPECT_THAT(said_, ElementsAre(HasSubstr("code: 6 of 8 files were read before")));
}

TEST(FileFactsBytes, OfAnotherFormAreNotTaken) {
  FileFacts facts;
  facts.language = "python";
  facts.hooks.push_back({.line = 3, .name = "pytest_sessionstart", .framework = "pytest"});
  facts.environment_reads.push_back(
      {.line = 300, .variable = std::nullopt, .required = true, .condition = "x"});
  const auto bytes = to_bytes(facts);
  const auto again = from_bytes(bytes);
  ASSERT_TRUE(again.has_value());
  EXPECT_EQ(to_bytes(*again), bytes);
  EXPECT_EQ(again->environment_reads.at(0).line, 300);
  EXPECT_FALSE(again->environment_reads.at(0).variable.has_value());
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(from_bytes(bytes.substr(0, size))) << size;
  EXPECT_FALSE(from_bytes(bytes + "x"));
  EXPECT_FALSE(from_bytes(std::string(200, '\xff')));
}

}  // namespace
}  // namespace exitgate::collect::code
