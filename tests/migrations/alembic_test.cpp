#include <gmock/gmock.h>

#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// An Alembic environment in a folder of its own.
struct Sample {
  test::ScratchRepository repository;

  explicit Sample(const std::string& ini = "[alembic]\nscript_location = db\n") {
    repository.write("alembic.ini", ini);
    repository.write("db/env.py", "");
  }
  void revision(const std::string& name, const std::string& body,
                const std::string& folder = "db/versions") const {
    repository.write(folder + "/" + name + ".py", body);
  }
  void link(const std::string& id, const std::string& down) const {
    revision(id, fmt::format("revision = '{}'\ndown_revision = {}\n", id, down));
  }
  CollectedMigrations collect() const {
    repository.commit();
    return CollectedMigrations(repository.root());
  }
};

TEST(Alembic, EveryWayToWriteARevision) {
  const Sample sample;
  sample.revision("0001_a",
                  "\"\"\"First.\n\nRevision ID: a\n\"\"\"\nfrom typing import Union\n\nrevision: str = 'a'\n"
                  "down_revision: Union[str, None] = None\n");
  sample.revision(
      "0002_b", "'''Second\n  of all'''\nrevision = \"b\"\ndown_revision = 'a'\nbranch_labels = ('left',)\n");
  sample.revision("0003_c",
                  "revision = 'c'\ndown_revision = (\n    'a',\n)\nbranch_labels = ['right', 'r']\n");
  sample.revision("0004_d",
                  "revision = 'd'\ndown_revision = (\n    'b',  # left\n    'c',\n)\ndepends_on = None\n");
  sample.revision("0005_e", "revision = ('e')\ndown_revision = ''\ndepends_on = 'left'\n");
  sample.revision("0006_f", "A = 'e'\nrevision = 'f' '2'\ndown_revision = A\ndepends_on = ['d', 'b']\n");
  sample.revision("__init__", "");
  sample.revision(".#0007_g", "revision = 'g'\n");
  sample.repository.write("db/versions/below/0008_h.py", "revision = 'h'\n");
  sample.repository.write("db/versions/notes.txt", "revision = 'i'\n");
  const auto found = sample.collect();
  EXPECT_THAT(found.environments(), ElementsAre("alembic.ini|alembic|alembic.ini|db"));
  EXPECT_THAT(
      found.rows("SELECT id, file, line, title, labels FROM migrations.revision ORDER BY id"),
      ElementsAre("a|db/versions/0001_a.py|7|First.|NULL",
                  "b|db/versions/0002_b.py|3|Second of all|[\"left\"]",
                  "c|db/versions/0003_c.py|1|NULL|[\"right\",\"r\"]", "d|db/versions/0004_d.py|1|NULL|NULL",
                  "e|db/versions/0005_e.py|1|NULL|NULL", "f2|db/versions/0006_f.py|2|NULL|NULL"));
  EXPECT_THAT(found.edges(), ElementsAre("b|a|down", "c|a|down", "d|b|down", "d|c|down", "e|b|depends",
                                         "f2|b|depends", "f2|d|depends", "f2|e|down"));
  EXPECT_THAT(found.heads(), ElementsAre("d", "f2"));
  EXPECT_THAT(found.bases(), ElementsAre("a", "e"));
  EXPECT_THAT(found.problems(), IsEmpty());
}

TEST(Alembic, WhatIsWrongInTheGraphIsAProblem) {
  const Sample sample;
  sample.link("a", "None");
  sample.link("b", "'lost'");
  sample.link("c", "'a'");
  sample.revision("c_again", "revision = 'c'\ndown_revision = 'a'\n");
  sample.link("x", "'z'");
  sample.link("y", "'x'");
  sample.link("z", "'y'");
  sample.link("behind", "'z'");
  sample.revision("d", "revision = 'd'\ndown_revision = 'a'\ndepends_on = 'gone'\n");
  const auto found = sample.collect();
  EXPECT_THAT(
      found.problems(),
      ElementsAre("db/versions/b.py|1|revision 'b' follows 'lost', which is not there",
                  "db/versions/c_again.py|1|revision 'c' is present more than once: also in db/versions/c.py",
                  "db/versions/d.py|1|revision 'd' depends on 'gone', which is not there",
                  "db/versions/x.py|1|revisions follow each other in a cycle: x, y, z"));
  EXPECT_THAT(found.heads(), ElementsAre("b", "behind", "c", "d"));
  EXPECT_THAT(found.bases(), ElementsAre("a"));
}

TEST(Alembic, WhatCannotBeReadOffIsAProblemAndNeverAHead) {
  const Sample sample;
  sample.link("a", "None");
  sample.link("b", "compute()");
  sample.revision("c", "if True:\n    revision = 'c'\n");
  sample.revision("d", "revision = f'{x}'\ndown_revision = None\n");
  sample.revision("upgrade", "def upgrade():\n    revision = 'e'\n");
  sample.revision("f", "revision = 'f'\ndown_revision = 'a'\ndown_revision += ('b',)\n");
  const auto found = sample.collect();
  EXPECT_THAT(
      found.problems(),
      ElementsAre(
          "db/versions/b.py|2|the value of 'down_revision' cannot be read: it is not a plain string or "
          "list of them",
          "db/versions/c.py|2|the value of 'revision' cannot be read: it is not a plain string",
          "db/versions/d.py|1|the value of 'revision' cannot be read: it is not a plain string",
          "db/versions/f.py|3|the value of 'down_revision' cannot be read: it is not a plain string or "
          "list of them",
          "db/versions/upgrade.py|1|no 'revision' is assigned in it: Alembic rejects the whole folder"));
  EXPECT_THAT(found.revisions(),
              ElementsAre("a|db/versions/a.py|1", "b|db/versions/b.py|1", "f|db/versions/f.py|1"));
  EXPECT_THAT(found.heads(), IsEmpty());
  EXPECT_THAT(found.bases(), ElementsAre("a"));
}

TEST(Alembic, SyntaxNewerThanTheGrammarHidesNothing) {
  const Sample sample;
  sample.revision("a",
                  "revision = 'a'\ndown_revision = None\ndef upgrade():\n    try:\n        pass\n"
                  "    except A, B, C:\n        pass\n");
  sample.revision("b", "revision = 'b'\ndown_revision = = 'a'\n");
  const auto found = sample.collect();
  EXPECT_THAT(found.revisions(), ElementsAre("a|db/versions/a.py|1", "b|db/versions/b.py|1"));
  EXPECT_THAT(found.problems(),
              ElementsAre("db/versions/b.py|2|the value of 'down_revision' cannot be read: it is not a "
                          "plain string or list of them"));
  EXPECT_THAT(found.heads(), IsEmpty());
}

TEST(Alembic, AMissingBlobIsAProblem) {
  const Sample sample;
  sample.link("a", "None");
  sample.link("b", "'a'");
  sample.repository.commit();
  const std::string oid = sample.repository.git({"rev-parse", "HEAD:db/versions/b.py"});
  std::filesystem::remove(sample.repository.root() / ".git/objects" / oid.substr(0, 2) / oid.substr(2));
  const CollectedMigrations found(sample.repository.root());
  EXPECT_THAT(found.problems(), ElementsAre("db/versions/b.py|NULL|its blob is missing from the clone"));
  EXPECT_THAT(found.heads(), IsEmpty());
}

struct Locations {
  const char* setting;
  std::vector<std::string> revisions;
};

TEST(Alembic, VersionLocationsWithEverySeparator) {
  for (const auto& [setting, revisions] : {
           Locations{"version_locations = a b", {"a", "b"}},
           Locations{"version_locations = a, b", {"a", "b"}},
           Locations{"version_locations = a;b\nversion_path_separator = ;", {"a", "b"}},
           Locations{"version_locations = a:b\nversion_path_separator = :", {"a", "b"}},
           Locations{"version_locations = a:b\nversion_path_separator = os", {"a", "b"}},
           Locations{"version_locations = a b\nversion_path_separator = space", {"a", "b"}},
           Locations{"version_locations = a\n    b\nversion_path_separator = newline", {"a", "b"}},
           Locations{"version_locations =\n    a\n    b\npath_separator = newline", {"a", "b"}},
           Locations{"version_locations = %(here)s/a;%(here)s/./c/../b\nversion_path_separator = ;",
                     {"a", "b"}},
           Locations{"root = a\nversion_locations = %(root)s", {"a"}},
           Locations{"version_locations = ", {"v"}},
           Locations{"# version_locations = a", {"v"}},
           Locations{"; version_locations = a\nrecursive_version_locations = true", {"v", "w"}},
       }) {
    const Sample sample(fmt::format("[alembic]\nscript_location: %(here)s/db\n{}\n", setting));
    for (const std::string id : {"a", "b"}) sample.revision("r", fmt::format("revision = '{}'\n", id), id);
    sample.revision("r", "revision = 'v'\n");
    sample.revision("r", "revision = 'w'\n", "db/versions/below");
    const auto found = sample.collect();
    EXPECT_EQ(found.rows("SELECT id FROM migrations.revision ORDER BY id"), revisions) << setting;
    EXPECT_THAT(found.problems(), IsEmpty()) << setting;
  }
}

struct Mistake {
  const char* ini;
  const char* problem;
};

TEST(Alembic, AConfigurationThatCannotBeFollowedIsAProblem) {
  for (const auto& [ini, problem] : {
           Mistake{"[alembic]\n",
                   "alembic.ini|1|no script_location is set, and no env.py lies beside the file"},
           Mistake{"[alembic]\nscript_location = lost\n",
                   "alembic.ini|1|script_location 'lost' is not a folder of the commit"},
           Mistake{"[alembic]\nscript_location = ../x\n",
                   "alembic.ini|1|script_location '../x' leads out of the repository"},
           Mistake{"[alembic]\nscript_location = /x\n",
                   "alembic.ini|1|script_location '/x' leads out of the repository"},
           Mistake{"[alembic]\nscript_location = %(root)s/x\n",
                   "alembic.ini|2|script_location: nothing gives '%(root)s'"},
           Mistake{"[alembic]\nscript_location = db\nversion_locations = a;b\nversion_path_separator = |\n",
                   "alembic.ini|1|version_path_separator '|' is none of 'space', 'newline', 'os', ':', ';'"},
           Mistake{"[alembic]\nscript_location = db\nversion_locations = a\n",
                   "alembic.ini|1|version location 'a' is not a folder of the commit"},
       }) {
    EXPECT_THAT(Sample(ini).collect().problems(), Contains(problem)) << ini;
  }
}

TEST(Alembic, SeveralEnvironmentsAreKeptApart) {
  const Sample sample(
      "[DEFAULT]\nfile_template = x\n[alembic]\nscript_location = db\n[other]\nscript_location = second\n");
  sample.link("a", "None");
  sample.repository.write("second/env.py", "");
  sample.revision("r", "revision = 'a'\n", "second/versions");
  // Flask-Migrate: the environment lies beside its configuration.
  sample.repository.write("web/migrations/alembic.ini", "[alembic]\n");
  sample.repository.write("web/migrations/env.py", "");
  sample.revision("r", "revision = 'w'\n", "web/migrations/versions");
  // Configured by a program.
  sample.repository.write("bare/env.py", "");
  sample.repository.write("bare/script.py.mako", "");
  sample.revision("r", "revision = 'x'\n", "bare/versions");
  // A package's resource, found beside the configuration, and under src.
  sample.repository.write("lib/alembic.ini", "[alembic]\nscript_location = pack.age:migrations\n");
  sample.repository.write("lib/src/pack/age/migrations/env.py", "");
  sample.revision("r", "revision = 'p'\n", "lib/src/pack/age/migrations/versions");
  const auto found = sample.collect();
  EXPECT_THAT(found.environments(),
              ElementsAre("alembic.ini#alembic|alembic|alembic.ini|db",
                          "alembic.ini#other|alembic|alembic.ini|second", "bare|alembic|NULL|bare",
                          "lib/alembic.ini|alembic|lib/alembic.ini|lib/src/pack/age/migrations",
                          "web/migrations/alembic.ini|alembic|web/migrations/alembic.ini|web/migrations"));
  EXPECT_THAT(found.rows("SELECT environment, id FROM migrations.head ORDER BY 1"),
              ElementsAre("alembic.ini#alembic|a", "alembic.ini#other|a", "bare|x", "lib/alembic.ini|p",
                          "web/migrations/alembic.ini|w"));
  EXPECT_THAT(found.problems(), IsEmpty());
}

TEST(Alembic, ARepositoryWithoutMigrationsHasNoEnvironment) {
  const test::ScratchRepository scratch;
  scratch.write("setup.ini", "[tool]\nx = 1\n");
  scratch.commit();
  EXPECT_THAT(CollectedMigrations(scratch.root()).environments(), IsEmpty());
}

// Alembic itself on the same files, where it is installed.
TEST(Alembic, HeadsAndHistoryAreAlembicsOwn) {
  const auto alembic = find_program("alembic");
  if (!alembic) GTEST_SKIP() << "alembic is not installed";
  const Sample sample("[alembic]\nscript_location = db\nversion_locations = db/versions db/more\n");
  sample.link("a1", "None");
  sample.link("b1", "'a1'");
  sample.link("b2", "'a1'");
  sample.link("c1", "('b1', 'b2')");
  sample.revision("d1", "revision = 'd1'\ndown_revision: str = 'c1'\nbranch_labels = ('main',)\n");
  sample.revision("e1", "revision = 'e1'\ndown_revision = ''\ndepends_on = ('main', 'b1')\n", "db/more");
  sample.revision("e2", "revision = 'e2'\ndown_revision = 'e1'\n", "db/more");
  const auto found = sample.collect();

  const auto ask = [&](const std::string& command) {
    const auto finished =
        run({.arguments = {alembic->string(), command}, .directory = sample.repository.root()});
    EXPECT_TRUE(finished.ok()) << finished.error;
    return finished.output;
  };
  std::vector<std::string> heads;
  for (const auto& line : split(ask("heads"), '\n')) {
    if (!line.empty()) heads.push_back(line.substr(0, line.find(' ')));
  }
  std::sort(heads.begin(), heads.end());
  EXPECT_EQ(found.heads(), heads);
  // "b1, b2 -> c1 (mergepoint), title"; "<base> -> a1"; what it depends on stands in parentheses behind the parents.
  std::vector<std::string> edges;
  for (const auto& line : split(ask("history"), '\n')) {
    const std::size_t arrow = line.find(" -> ");
    if (arrow == std::string::npos) continue;
    const std::string id = line.substr(arrow + 4, line.find_first_of(" ,", arrow + 4) - arrow - 4);
    const std::string parents = line.substr(0, line.find(" (") < arrow ? line.find(" (") : arrow);
    for (const auto& parent : split(parents, ',')) {
      if (trim(parent) != "<base>") edges.push_back(fmt::format("{}|{}|down", id, trim(parent)));
    }
  }
  std::sort(edges.begin(), edges.end());
  EXPECT_EQ(found.rows("SELECT id, parent, kind FROM migrations.edge WHERE kind = 'down' ORDER BY 1, 2"),
            edges);
  EXPECT_THAT(found.rows("SELECT id, parent FROM migrations.edge WHERE kind = 'depends' ORDER BY 2"),
              ElementsAre("e1|b1", "e1|d1"));
}

}  // namespace
}  // namespace exitgate::collect
