// The migration facts of a scratch repository's commit, each row as one text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/migrations/collect.h"
#include "harness/facts/facts.h"
#include "tests/git/collected_facts.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::collect {

class CollectedMigrations : public test::CollectedFacts {
 public:
  explicit CollectedMigrations(const std::filesystem::path& path)
      : CollectedFacts(path, collect_migrations, "migrations") {}

  std::vector<std::string> environments() const {
    return rows("SELECT id, tool, config, location FROM migrations.environment ORDER BY id");
  }
  std::vector<std::string> heads() const {
    return rows("SELECT id FROM migrations.head ORDER BY environment, id");
  }
  std::vector<std::string> bases() const {
    return rows("SELECT id FROM migrations.base ORDER BY environment, id");
  }
  std::vector<std::string> edges() const {
    return rows("SELECT id, parent, kind FROM migrations.edge ORDER BY environment, id, parent, kind");
  }
  std::vector<std::string> revisions() const {
    return rows("SELECT id, file, line FROM migrations.revision ORDER BY environment, id, file");
  }
  // "3 drop-table orders", "4 undecided op.execute(x) (why)", a line each, in the migrations' own order.
  std::string statements() const {
    return join(
        rows("SELECT line || ' ' || kind || ' ' || coalesce(object, text) || CASE WHEN reason IS NULL "
             "THEN '' ELSE ' (' || reason || ')' END FROM migrations.statement ORDER BY rowid"),
        "\n");
  }
  std::vector<std::string> problems() const {
    return rows("SELECT file, line, reason FROM migrations.problem ORDER BY file, line, reason");
  }
};

}  // namespace exitgate::collect
