// What each DROP INDEX takes away: a unique index keeps rows out, any other holds nothing that could be lost.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/environment.h"

namespace exitgate::collect {

// The indexes that the migrations of a commit create. The environments must outlive it.
class IndexHistory {
 public:
  explicit IndexHistory(const std::vector<Environment>& environments);

  // The statements of a revision (as it is, or as it was) without those about indexes that are not facts: a DROP INDEX of
  // a unique index stays, one of another index goes, and one of an index that no migration creates is undecided.
  std::vector<Statement> decided(const Environment& environment, const Revision& revision,
                                 std::vector<Statement> statements) const;

 private:
  struct Created {
    const Environment* environment;
    const Revision* revision;
    std::size_t at;  // of its statements
  };

  const Statement* created_before(const Environment& environment, const Revision& revision,
                                  const std::string& name) const;
  const Statement* creation(const Statement* change, const Environment& environment, const Revision& revision,
                            int depth) const;

  std::map<std::string, std::vector<Created>, std::less<>> by_name_;
};

}  // namespace exitgate::collect
