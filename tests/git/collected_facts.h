// The facts that one collector writes of a scratch repository's commit, each row as one text.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/collect/checkout.h"
#include "harness/facts/facts.h"

namespace exitgate::test {

class CollectedFacts {
 public:
  using Collector = void (*)(const collect::Checkout& checkout, const std::filesystem::path& out);

  // `domain`: the store that `collector` writes. `separator` stands between the columns of a row.
  CollectedFacts(const std::filesystem::path& path, Collector collector, const std::string& domain,
                 char separator = '|', const std::string& revision = "HEAD")
      : out_("exitgate-" + domain),
        facts_(collected(path, collector, domain, revision)),
        separator_(separator) {}

  std::vector<std::string> rows(const std::string& sql) const {
    std::vector<std::string> result;
    auto query = facts_.query(sql);
    for (const auto& row : query) {
      std::string line;
      for (const auto& cell : row.cells()) line += cell.value_or("NULL") + separator_;
      line.pop_back();
      result.push_back(line);
    }
    return result;
  }

 private:
  facts::Facts collected(const std::filesystem::path& path, Collector collector, const std::string& domain,
                         const std::string& revision) const {
    const auto repository = git::Repository::open(path);
    const std::string commit = repository.resolve_commit(revision);
    collector({repository, commit, repository.tree(commit)}, out_.path());
    return facts::Facts(out_.path(), {domain});
  }

  TemporaryDirectory out_;
  facts::Facts facts_;
  char separator_;
};

}  // namespace exitgate::test
