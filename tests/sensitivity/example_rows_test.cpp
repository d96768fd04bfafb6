// Rows of a gate's own example are its counterexample, and no fact of the target.
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/asked.h"
#include "harness/sensitivity/changes.h"

namespace exitgate::sensitivity {
namespace {

TEST(ExampleRows, AreNotChanged) {
  const TemporaryDirectory folder;
  facts::Store store(folder.path(), "asked");
  for (const bool example : {false, true}) {
    for (int line = 1; line < 4; ++line) {
      store.insert(facts::asked::Match{.gate = "EG-X.g",
                                       .example = example,
                                       .file = "a.py",
                                       .line = line,
                                       .position = 1,
                                       .text = "print(",
                                       .captures = "{}"});
    }
  }
  store.close();
  const facts::Facts facts(folder.path(), {"asked"});
  const facts::Reads reads = {{"asked", "match", "text"}, {"asked", "match", "file"}};
  const auto changes = planned_changes(facts, reads, "seed", 60);
  ASSERT_GT(changes.size(), 20U);
  const auto copy = facts.copy();
  const std::string examples = "SELECT group_concat(file || text || line) FROM asked.match WHERE example = 1";
  const auto before = copy.text(examples);
  for (const auto& change : changes) {
    if (copy.change(change.statement) == 0) continue;
    // A row that is added is a copy of one of the target's.
    EXPECT_EQ(copy.text(examples), before) << change.statement;
    copy.undo();
  }
}

}  // namespace
}  // namespace exitgate::sensitivity
