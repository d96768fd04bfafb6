// What the checks on the rehearsal of the upgrade share.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/check/check.h"
#include "harness/facts/tables/rehearsal.h"

namespace exitgate::check {

// Whether there is something to judge: new migrations were run on the base's schema, wholly or until one failed. Else the report
// is given the reason: a skip when no migration is new or no rehearsal is asked for, else what could not be decided.
bool upgrade_was_rehearsed(const Facts& facts, Report& report);

// A statement of the upgrade with what it was seen to do to relations that the base has.
struct UpgradeStatement {
  rehearsal::Statement statement;
  std::vector<rehearsal::Lock> locks;  // that keep readers or writers waiting
  std::vector<rehearsal::Pass> passes;
};

// In the order in which they began, with those of the same transaction told as far as the facts allow.
std::vector<UpgradeStatement> upgrade_statements(const Facts& facts);

// Whether both are in one transaction, `first` before `second`, by what the facts say of their locks and revisions.
bool in_one_transaction(const std::vector<UpgradeStatement>& all, std::size_t first, std::size_t second);

// "`ALTER TABLE …`" without what is longer than a line shows.
std::string quoted_statement(const std::string& text);

}  // namespace exitgate::check
