// The migration facts of a scratch repository's commit, each row as one text.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/migrations/collect.h"
#include "harness/facts/facts.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::collect {

class CollectedMigrations {
 public:
  explicit CollectedMigrations(const std::filesystem::path& path) : out_("exitgate-migrations") {
    const auto repository = git::Repository::open(path);
    const std::string commit = repository.resolve_commit("HEAD");
    collect_migrations({repository, commit, repository.tree(commit)}, out_.path());
    facts_.emplace(out_.path(), std::vector<std::string>{"migrations"});
  }

  std::vector<std::string> rows(const std::string& sql) const {
    std::vector<std::string> result;
    auto query = facts_->query(sql);
    for (const auto& row : query) {
      std::string line;
      for (int i = 0; i < row.columns(); ++i) {
        if (i > 0) line += '|';
        line += row.is_null(i) ? "NULL" : row.text(i);
      }
      result.push_back(line);
    }
    return result;
  }
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
  std::vector<std::string> problems() const {
    return rows("SELECT file, line, reason FROM migrations.problem ORDER BY file, line, reason");
  }

 private:
  TemporaryDirectory out_;
  std::optional<facts::Facts> facts_;
};

}  // namespace exitgate::collect
