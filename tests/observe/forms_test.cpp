// What each form of a schema change is seen to do, on each major version of PostgreSQL that there is.
#include "tests/observe/forms.h"

#include <gmock/gmock.h>

#include "tests/majors/each_major.h"
#include "tests/observe/observed.h"

namespace exitgate::observe {
namespace {

class Forms : public testing_majors::EachMajor {
 protected:
  static void begin_anew(Observed& observed) {
    observed.administrator().query(
        "SET client_min_messages = error; DROP SCHEMA IF EXISTS s, public CASCADE");
    observed.administrator().query("DROP PUBLICATION IF EXISTS p; CREATE SCHEMA public AUTHORIZATION owner");
    observed.owner().query(
        "SET timezone = 'UTC'; CREATE TABLE t (id int PRIMARY KEY, a int, b text, v varchar(20), n "
        "numeric(10,2), at timestamp); CREATE TABLE u (id int PRIMARY KEY, t_id int); INSERT INTO t SELECT "
        "i, i, 'x', 'y', i, '2026-01-01' FROM generate_series(1, 5) i; INSERT INTO u SELECT i, i FROM "
        "generate_series(1, 5) i");
  }
};

TEST_P(Forms, AreSeenAsDocumented) {
  Observed observed(programs());
  observed.administrator().query("SET allow_in_place_tablespaces = on");
  observed.administrator().query("CREATE TABLESPACE elsewhere LOCATION ''");
  observed.administrator().query("GRANT CREATE ON TABLESPACE elsewhere TO owner");
  for (const auto& [setup, statement, expected, since, until] : kForms) {
    if (major() < since || major() > until) continue;
    SCOPED_TRACE(statement);
    begin_anew(observed);
    if (*setup != '\0') observed.owner().query(setup);
    const Mark before = observed.now();
    observed.give({statement});
    const auto seen = observed.since(before);
    observed.give({"COMMIT"});
    ASSERT_EQ(seen.size(), 1U);
    EXPECT_EQ(seen[0].outcome, "ok");
    EXPECT_EQ(seen[0].problem, "");
    EXPECT_EQ(told(seen[0]), expected);
  }
}

INSTANTIATE_TEST_SUITE_P(On, Forms, ::testing::ValuesIn(testing_majors::kMajors),
                         testing_majors::name_of_major);

}  // namespace
}  // namespace exitgate::observe
