// What a text search finds in workflows and in Python files, and which row must stand where.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/collect/census/hits.h"

namespace exitgate::collect::census {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// "7 (6-7) run: make", or with what explains it: "7 comment: # run".
std::vector<std::string> shown(const Found& found, std::string_view fact) {
  std::vector<std::string> lines;
  for (const auto& hit : found.hits) {
    const auto& search = searches()[static_cast<std::size_t>(hit.search)];
    if (search.fact != fact) continue;
    lines.push_back(hit.explained.empty()
                        ? fmt::format("{} ({}-{}) {}", hit.line, hit.first, hit.last, hit.text)
                        : fmt::format("{} {}: {}", hit.line, hit.explained, hit.text));
  }
  return lines;
}

Found in_workflow(std::string_view text, bool is_action = false) {
  Found found;
  search_workflow("ci.yml", text, is_action, found);
  return found;
}

Found in_python(std::string_view text) {
  Found found;
  search_python("tests/conftest.py", text, found);
  return found;
}

TEST(Searches, StandInTheOrderOfTheirNumbers) {
  for (std::size_t i = 0; i < searches().size(); ++i)
    EXPECT_EQ(static_cast<std::size_t>(searches()[i].search), i) << searches()[i].name;
}

constexpr const char* kWorkflow = R"(name: CI
on:
  pull_request:
  push: {branches: [main]}
env:
  NOTE: run pytest
jobs:
  # uses: actions/upload-artifact@v4
  test:
    runs-on: ubuntu-24.04
    needs: [lint, "build"]  # both
    services:
      postgres:
        image: postgres:15
        env:
          KEY: value
      redis: {image: redis}
    steps:
      - uses: actions/checkout@v4
        with:
          run: not a step
      - name: Test with pytest
        if: always()
        run: |
          # pytest is next
          alembic upgrade head
          pytest -q
          cat > x.yml <<EOF
          - uses: actions/upload-artifact@v4
          EOF
      -
        name: Keep
        uses: actions/upload-artifact@v4
      - {uses: "x/y@v1"}
  deploy:
    needs:
      - test
      # - lint
      - more
    uses: ./.github/workflows/deploy.yml
)";

TEST(Workflow, JobsNeedsAndServices) {
  const auto found = in_workflow(kWorkflow);
  EXPECT_THAT(shown(found, "ci.job"), ElementsAre("9 (9-9) test:", "35 (35-35) deploy:"));
  EXPECT_THAT(shown(found, "ci.service"),
              ElementsAre("13 (13-13) postgres:", "17 (17-17) redis: {image: redis}"));
  ASSERT_EQ(found.tallies.size(), 2U);
  EXPECT_EQ(found.tallies[0].condition, R"({"file": "ci.yml", "job": "test"})");
  EXPECT_EQ(found.tallies[0].rows, 2);
  EXPECT_EQ(found.tallies[0].line, 11);
  EXPECT_EQ(found.tallies[1].rows, 2);
}

TEST(Workflow, StepsBeginAtTheirDash) {
  EXPECT_THAT(shown(in_workflow(kWorkflow), "ci.step"),
              ElementsAre("6 string: NOTE: run pytest",              //
                          "19 (19-19) - uses: actions/checkout@v4",  //
                          "22 string: - name: Test with pytest",     //
                          "24 (22-24) run: |",                       //
                          "25 comment: # pytest is next",            //
                          "26 (22-24) alembic upgrade head",         //
                          "27 (22-24) pytest -q",                    //
                          "33 (31-33) uses: actions/upload-artifact@v4"));
}

TEST(Workflow, LinesThatBeginWithATestCommand) {
  EXPECT_THAT(shown(in_workflow(kWorkflow), "ci.command"), ElementsAre("27 (22-27) pytest -q"));
  EXPECT_THAT(
      shown(
          in_workflow("jobs:\n  a:\n    steps:\n      - run: npm test -- --ci\n      - run: echo pytest\n"
                      "      - run: pytest-xdist\n      - run: |\n          cat > x <<END\n          pytest\n"
                      "          END\n      - run: make test\n"),
          "ci.command"),
      ElementsAre("4 (4-4) - run: npm test -- --ci", "11 (11-11) - run: make test"))
      << "what is written into a file is none of the step's commands";
}

TEST(Workflow, ArtifactStepsAndWhatOnlyLooksLikeOne) {
  EXPECT_THAT(shown(in_workflow(kWorkflow), "ci.artifact"),
              ElementsAre("8 comment: # uses: actions/upload-artifact@v4",  //
                          "29 string: - uses: actions/upload-artifact@v4",  //
                          "33 (33-33) uses: actions/upload-artifact@v4"));
  EXPECT_THAT(shown(in_workflow("jobs:\n  a:\n    steps:\n    - uses: dawidd6/action-download-artifact@v3\n"),
                    "ci.artifact"),
              ElementsAre("4 another action: - uses: dawidd6/action-download-artifact@v3"));
  EXPECT_THAT(
      shown(in_workflow("jobs:\n  a:\n    steps:\n      - uses: ./.github/actions/download-artifact\n"),
            "ci.artifact"),
      ElementsAre("4 an action of the repository, whose own steps are searched: - uses: "
                  "./.github/actions/download-artifact"));
}

TEST(Workflow, UsesOfStepsAndOfJobs) {
  EXPECT_THAT(
      shown(in_workflow(kWorkflow), "ci.action_use"),
      ElementsAre("19 (19-19) - uses: actions/checkout@v4", "33 (33-33) uses: actions/upload-artifact@v4",
                  "40 (40-40) uses: ./.github/workflows/deploy.yml"));
}

TEST(Workflow, ConcurrencyAtGithubAlone) {
  const std::string text =
      "concurrency: ci\njobs:\n  a:\n    concurrency:\n      # which\n      group: x\n      "
      "cancel-in-progress: true\n"
      "    steps:\n      - run: |\n          concurrency: no\n  b:\n    concurrency:\n    env: {A: b}\n";
  const auto of = [&](const std::string& file) {
    Found found;
    search_workflow(file, text, false, found);
    return shown(found, "ci.concurrency");
  };
  EXPECT_THAT(of(".github/workflows/ci.yml"),
              ElementsAre("1 (1-1) concurrency: ci", "4 (4-7) concurrency:", "12 empty: concurrency:"));
  EXPECT_THAT(of(".forgejo/workflows/ci.yml"), IsEmpty());
}

TEST(Workflow, PullRequestTriggersInEachForm) {
  EXPECT_THAT(shown(in_workflow(kWorkflow), "ci.trigger"), ElementsAre("3 (3-3) pull_request:"));
  EXPECT_THAT(shown(in_workflow("on: [push, pull_request]\n"), "ci.trigger"),
              ElementsAre("1 (1-1) on: [push, pull_request]"));
  EXPECT_THAT(shown(in_workflow("'on':\n  - pull_request_target\n"), "ci.trigger"),
              ElementsAre("2 (2-2) - pull_request_target"));
  EXPECT_THAT(shown(in_workflow("on:\n  push:\n    branches: [pull_request]\n"), "ci.trigger"), IsEmpty());
}

TEST(Workflow, StepsOfACompositeAction) {
  const auto text = "name: x\nruns:\n  using: composite\n  steps:\n  - run: pytest\n    shell: bash\n";
  EXPECT_THAT(shown(in_workflow(text, true), "ci.step"),
              ElementsAre("5 (5-5) - run: pytest", "5 (5-5) - run: pytest"));
  EXPECT_THAT(shown(in_workflow("runs:\n  using: node20\n  steps:\n  - run: x\n", true), "ci.step"),
              IsEmpty());
}

TEST(Python, FixturesAndHooks) {
  const auto found = in_python(R"(import pytest

@pytest.fixture(scope="session")
def engine(): ...

class TestX:
    @pytest_asyncio.fixture
    async def db(self): ...
    def pytest_configure(self): ...
# @pytest.fixture
"""
@pytest.fixture
def pytest_sessionstart(session):
"""
def pytest_sessionfinish(session): ...
def pytest_helper(): ...
x = "@pytest.fixture"
@pytest.fixtures
)");
  EXPECT_THAT(shown(found, "code.fixture"),
              ElementsAre("3 (3-3) @pytest.fixture(scope=\"session\")", "7 (7-7) @pytest_asyncio.fixture",
                          "10 comment: # @pytest.fixture", "12 string: @pytest.fixture"));
  EXPECT_THAT(shown(found, "code.hook"), ElementsAre("13 string: def pytest_sessionstart(session):",
                                                     "15 (15-15) def pytest_sessionfinish(session): ..."));
}

TEST(Python, CallsThatMakeTables) {
  EXPECT_THAT(shown(in_python("Base.metadata.create_all(engine)\n"
                              "x = 1  # Base.metadata.create_all(engine)\n"
                              "log('Base.metadata.drop_all')\n"
                              "await c.run_sync(Base.metadata.drop_all)\n"
                              "pool.create_all()\n"),
                    "code.schema_call"),
              ElementsAre("1 (1-1) Base.metadata.create_all(engine)",
                          "2 comment: x = 1  # Base.metadata.create_all(engine)",
                          "3 string: log('Base.metadata.drop_all')",
                          "4 (4-4) await c.run_sync(Base.metadata.drop_all)",
                          "5 of another object: pool.create_all()"));
}

TEST(Python, CallsOfMocksAreExplained) {
  EXPECT_THAT(
      shown(in_python("MagicMock().metadata.create_all(engine)\n"
                      "base = MagicMock()\n"
                      "base.metadata.create_all(engine)\n"
                      "anything.metadata.drop_all.assert_called_once()\n"
                      "with patch('app.Base') as mocked:\n"
                      "    mocked.metadata.create_all()\n"
                      "@patch('app.Base')\n"
                      "def test_a(other):\n"
                      "    other.metadata.create_all()\n"
                      "Base.metadata.create_all(MagicMock())\n"),
            "code.schema_call"),
      ElementsAre("1 of a mock: MagicMock().metadata.create_all(engine)",
                  "3 of a mock: base.metadata.create_all(engine)",
                  "4 of a mock: anything.metadata.drop_all.assert_called_once()",
                  "6 of a mock: mocked.metadata.create_all()", "9 of a mock: other.metadata.create_all()",
                  "10 (10-10) Base.metadata.create_all(MagicMock())"));
}

TEST(Workflows, CommandsThatMakeTables) {
  EXPECT_THAT(shown(in_workflow("on: push\njobs:\n  a:\n    steps:\n"
                                "      - run: npx prisma db push\n"
                                "      # - run: prisma db push\n"
                                "      - run: |\n"
                                "          echo 'prisma db push'\n"
                                "          drizzle-kit push --force\n"
                                "          my-prisma db push\n"),
                    "code.schema_call"),
              ElementsAre("5 (5-5) - run: npx prisma db push", "6 comment: # - run: prisma db push",
                          "8 said: echo 'prisma db push'", "9 (7-9) drizzle-kit push --force"));
}

TEST(Python, ReadsOfTheDatabaseUrl) {
  EXPECT_THAT(
      shown(in_python("a = os.environ[\"DATABASE_URL\"]\n"
                      "os.environ['DATABASE_URL'] = b\n"
                      "if os.environ['DATABASE_URL'] == b: pass\n"
                      "del os.environ['DATABASE_URL']\n"
                      "c = os.getenv('DATABASE_URL', d)\n"
                      "# os.getenv('DATABASE_URL')\n"),
            "code.environment_read"),
      ElementsAre("1 (1-1) a = os.environ[\"DATABASE_URL\"]", "2 assignment: os.environ['DATABASE_URL'] = b",
                  "3 (3-3) if os.environ['DATABASE_URL'] == b: pass",
                  "4 deletion: del os.environ['DATABASE_URL']", "5 (5-5) c = os.getenv('DATABASE_URL', d)",
                  "6 comment: # os.getenv('DATABASE_URL')"));
}

TEST(Python, RevisionsOfAlembic) {
  EXPECT_THAT(shown(in_python("revision: str = 'b'\ndown_revision = 'a'\n"), "migrations.revision"),
              ElementsAre("1 (1-1) revision: str = 'b'"));
  EXPECT_THAT(shown(in_python("revision = 'b'\n"), "migrations.revision"), IsEmpty()) << "it follows nothing";
}

TEST(Python, RevisionsThatAlembicDoesNotSee) {
  const auto explained = [](const std::string& ini) {
    Found found;
    read_alembic_ini(ini, found);
    search_python("db/versions/core/1.py", "revision = '1'\ndown_revision = None\n", found);
    explain_migrations(found);
    return found.hits.at(0).explained;
  };
  const std::string unseen = "in no folder of version_locations: Alembic does not see it";
  EXPECT_EQ(explained("script_location = db\n"), "");
  EXPECT_EQ(explained("version_locations = db/versions/pii;db/versions/core\n"), "");
  EXPECT_EQ(explained("version_locations = %(here)s/versions/core\n"), "");
  EXPECT_EQ(explained("# version_locations = x\nversion_locations = %(elsewhere)s/x\n"), "");
  EXPECT_EQ(explained("version_locations = db/versions/pii db/versions\n"), unseen);
  EXPECT_EQ(explained("version_locations = db/versions\nrecursive_version_locations = true\n"), "");
}

// "migrations.edge {…} 2", of version files by their text.
std::vector<std::string> tallies(const std::vector<std::string>& files, const std::string& ini = "") {
  Found found;
  read_alembic_ini(ini, found);
  for (std::size_t i = 0; i < files.size(); ++i)
    search_python(fmt::format("db/versions/{}.py", i), files[i], found);
  explain_migrations(found);
  count_revisions(found);
  std::vector<std::string> lines;
  for (const auto& tally : found.tallies)
    lines.push_back(
        fmt::format("{}:{} {} {} {}", tally.file, tally.line, tally.fact, tally.condition, tally.rows));
  return lines;
}

TEST(Python, EdgesAndHeadsOfAlembicsRevisions) {
  EXPECT_THAT(tallies({"revision = 'a'\ndown_revision = None\n",
                       "revision: str = 'b'\ndown_revision: Union[str, None] = \"a\"  # 'x'\n",
                       "revision = 'c'\n\ndown_revision = (\n    'a',  # one\n    'b',\n)\n"}),
              ElementsAre(R"(db/versions/0.py:2 migrations.edge {"id":"a","kind":"down"} 0)",
                          R"(db/versions/1.py:2 migrations.edge {"id":"b","kind":"down"} 1)",
                          R"(db/versions/2.py:3 migrations.edge {"id":"c","kind":"down"} 2)",
                          R"(db/versions/0.py:2 migrations.head {"id":"a"} 0)",
                          R"(db/versions/1.py:2 migrations.head {"id":"b"} 0)",
                          R"(db/versions/2.py:3 migrations.head {"id":"c"} 1)"));
  // What lines do not tell is not counted, and then no heads are.
  EXPECT_THAT(tallies({"revision = 'a'\ndown_revision = None\n", "revision = 'b'\ndown_revision = BASE\n"}),
              ElementsAre(R"(db/versions/0.py:2 migrations.edge {"id":"a","kind":"down"} 0)"));
  EXPECT_THAT(tallies({"revision = 'b'\ndown_revision = 'a1'\n"}),
              ElementsAre(R"(db/versions/0.py:2 migrations.edge {"id":"b","kind":"down"} 1)"))
      << "its parent is not there, or written shorter than it is";
  EXPECT_THAT(tallies({"revision = 'b'\nif X:\n  down_revision = 'a1'\n"}), IsEmpty());
  EXPECT_THAT(tallies({"revision = 'a'\ndown_revision = None\n"}, "version_locations = other\n"), IsEmpty());
  // One id in two folders is two revisions, perhaps of two environments.
  EXPECT_THAT(tallies({"revision = 'a'\ndown_revision = 'z'\n", "revision = 'a'\ndown_revision = 'z'\n"}),
              ElementsAre(R"(db/versions/0.py:2 migrations.edge {"id":"a","kind":"down"} 2)"));
}

TEST(Python, MigrationsThatASquashedOneReplaces) {
  Found found;
  const std::string migration = "class Migration(migrations.Migration):\n";
  search_python("shop/migrations/0001_initial.py", migration, found);
  search_python("shop/migrations/0002_squashed.py",
                migration + "    replaces = [(\"shop\", \"0001_initial\")]\n", found);
  search_python("cart/migrations/0001_initial.py", migration, found);
  explain_migrations(found);
  ASSERT_EQ(found.hits.size(), 3U);
  EXPECT_EQ(found.hits[0].explained, "replaced by a squashed migration");
  EXPECT_EQ(found.hits[1].explained, "");
  EXPECT_EQ(found.hits[2].explained, "");
}

TEST(Files, ThatAreMigrationsByTheirName) {
  for (const char* path : {"db/migrate/20200101_x.rb", "server/db/migrate/1_x.rb", "migrations/2020_x/up.sql",
                           "prisma/migrations/1_x/migration.sql"}) {
    EXPECT_TRUE(is_migration_file(path)) << path;
  }
  for (const char* path : {"db/migrate/helper.rb", "db/migrate/a/1_x.rb", "up.sql", "migrations/up.sql",
                           "xdb/migrate/1_x.rb", "mymigrations/a/up.sql"}) {
    EXPECT_FALSE(is_migration_file(path)) << path;
  }
}

}  // namespace
}  // namespace exitgate::collect::census
