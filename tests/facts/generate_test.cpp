#include <gmock/gmock.h>

#include "harness/facts/generate/cpp_names.h"
#include "harness/facts/generate/declaration.h"
#include "harness/facts/generate/emit.h"

namespace exitgate::facts::generate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Domain parsed(const std::string& sql) {
  return parse("ci", "ci.sql", sql);
}

constexpr const char* kGood = R"(-- The domain, in its own paragraph.

-- A step of a job,
-- in order.
CREATE TABLE step (
  file TEXT NOT NULL PRIMARY KEY,  -- relative to the root
  "case" INTEGER,                  -- how many; NULL
                                   -- when nobody says
  done INTEGER NOT NULL DEFAULT 0 CHECK (done IN (0, 1)),
  pin TEXT NOT NULL CHECK (pin IN ('sha', 'up again')),
                                   -- how it is named
                                   -- 'sha': by a commit
                                   -- 'up again': by a step,
                                   -- which is rare
  new TEXT CHECK (new IN ('public'))  -- 'public': to all
) STRICT, WITHOUT ROWID;

-- Another.
CREATE TABLE trigger (
  pin TEXT CHECK (pin IN ('sha', 'up again'))
) STRICT;
)";

TEST(Parse, ReadsTablesColumnsAndWhatTheyMean) {
  const Domain domain = parsed(kGood);
  ASSERT_EQ(domain.tables.size(), 2U);
  const Table& step = domain.tables[0];
  EXPECT_EQ(step.name, "step");
  EXPECT_EQ(step.meaning, "A step of a job, in order.");
  ASSERT_EQ(step.columns.size(), 5U);
  EXPECT_EQ(step.columns[0].meaning, "relative to the root");
  EXPECT_EQ(step.columns[0].declared, "TEXT NOT NULL PRIMARY KEY");
  EXPECT_FALSE(step.columns[0].nullable);
  EXPECT_EQ(step.columns[1].name, "case");
  EXPECT_EQ(step.columns[1].meaning, "how many; NULL when nobody says");
  EXPECT_TRUE(step.columns[1].nullable);
  EXPECT_EQ(step.columns[2].type, Type::boolean);
  EXPECT_EQ(step.columns[2].declared, "INTEGER NOT NULL DEFAULT 0");
  EXPECT_EQ(step.columns[3].meaning, "how it is named");
  ASSERT_EQ(step.columns[3].values.size(), 2U);
  EXPECT_EQ(step.columns[3].values[1].text, "up again");
  EXPECT_EQ(step.columns[3].values[1].meaning, "by a step, which is rare");
}

TEST(Parse, TakesTheExplanationsOfASetThatWasExplainedBefore) {
  const Domain domain = parsed(kGood);
  EXPECT_EQ(domain.tables[1].columns[0].values[0].meaning, "by a commit");
  EXPECT_EQ(domain.tables[1].columns[0].meaning, "how it is named");
}

TEST(Emit, MakesAStructOfATable) {
  const std::string text = header(parsed(kGood));
  for (const char* expected :
       {"// A step of a job, in order.\nstruct Step {\n  // relative to the root\n  std::string file;\n",
        "  std::optional<std::int64_t> case_ = std::nullopt;\n", "  bool done = false;\n", "  Pin pin;\n",
        "  std::optional<StepNew> new_ = std::nullopt;\n",
        "// A value of ci.step.pin, ci.trigger.pin: how it is named\nenum class Pin : unsigned char {\n"
        "  // 'sha': by a commit\n  sha = 1,\n  // 'up again': by a step, which is rare\n  up_again,\n};\n",
        "  // 'public': to all\n  public_ = 1,\n",
        "std::optional<StepNew> step_new_from(std::string_view text);\n"}) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
}

TEST(Emit, NeverQuotesANameAsSqliteTakesForAText) {
  EXPECT_THAT(source(parsed(kGood)),
              HasSubstr("\"SELECT [file], [case], [done], [pin], [new] FROM ci.[step] \""));
}

TEST(Emit, EscapesWhatCppReadsOtherwise) {
  EXPECT_THAT(source(parsed("-- Says \"a\\b??\".\nCREATE TABLE a (b TEXT) STRICT;")),
              HasSubstr(R"("Says \"a\\b\?\?\".")"));
}

TEST(Names, AreOfTheColumnWhereSeveralTablesShareASet) {
  const Domain domain = parsed(kGood);
  std::vector<std::string> names;
  for (const Enum& one : enums(domain)) names.push_back(one.name);
  EXPECT_THAT(names, ElementsAre("Pin", "StepNew"));
}

TEST(Names, AreOfTheTableToWhereOnlyOneHasTheSet) {
  const Domain domain = parsed(
      "-- A.\nCREATE TABLE a (\n  kind TEXT CHECK (kind IN ('x')) -- 'x': y\n) STRICT;\n"
      "-- B.\nCREATE TABLE b (\n  kind TEXT CHECK (kind IN ('x', 'z')) -- 'x': y\n-- 'z': y\n) STRICT;\n");
  std::vector<std::string> names;
  for (const Enum& one : enums(domain)) names.push_back(one.name);
  EXPECT_THAT(names, ElementsAre("AKind", "BKind"));
}

struct Wrong {
  const char* name;
  const char* sql;
  const char* message;
};

class Mistakes : public testing::TestWithParam<Wrong> {};

TEST_P(Mistakes, AreSaidWithFileAndLine) {
  try {
    header(parsed(GetParam().sql));
    FAIL() << "nothing was thrown";
  } catch (const Mistake& mistake) {
    EXPECT_STREQ(mistake.what(), GetParam().message);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Declarations, Mistakes,
    testing::Values(
        Wrong{"Empty", "-- Nothing.\n", "ci.sql:1: no table is declared"},
        Wrong{"OtherStatement", "-- A.\nDROP TABLE a;", "ci.sql:2: expected CREATE before 'DROP'"},
        Wrong{"NoMeaning", "-- Far above.\n\nCREATE TABLE a (b TEXT) STRICT;",
              "ci.sql:3: the table 'a' has no comment above it that says what a row is"},
        Wrong{"NotStrict", "-- A.\nCREATE TABLE a (b TEXT);", "ci.sql:2: the table 'a' is not STRICT"},
        Wrong{"OnlyWithoutRowid", "-- A.\nCREATE TABLE a (b TEXT) WITHOUT ROWID;",
              "ci.sql:2: the table 'a' is not STRICT"},
        Wrong{"TwoTables", "-- A.\nCREATE TABLE a (b TEXT) STRICT;\n-- A.\nCREATE TABLE a (b TEXT) STRICT;",
              "ci.sql:4: the table 'a' is declared twice"},
        Wrong{"TwoTypes",
              "-- A.\nCREATE TABLE a_b (c TEXT) STRICT;\n-- A.\nCREATE TABLE a__b (c TEXT) STRICT;",
              "ci.sql:4: two tables would be called AB in C++"},
        Wrong{"TwoColumns", "-- A.\nCREATE TABLE a (\n  b TEXT,\n  b TEXT\n) STRICT;",
              "ci.sql:4: the column 'b' is declared twice"},
        Wrong{"BadName", "-- A.\nCREATE TABLE a (\n  Line TEXT\n) STRICT;",
              "ci.sql:3: 'Line' is not a name of a column: small letters, digits and '_' only"},
        Wrong{"OtherType", "-- A.\nCREATE TABLE a (\n  b REAL\n) STRICT;",
              "ci.sql:3: the type of the column 'b' must be TEXT or INTEGER, not 'REAL'"},
        Wrong{"NoType", "-- A.\nCREATE TABLE a (\n  b,\n  c TEXT\n) STRICT;",
              "ci.sql:3: the type of the column 'b' must be TEXT or INTEGER, not ','"},
        Wrong{"OtherConstraint", "-- A.\nCREATE TABLE a (\n  b TEXT UNIQUE\n) STRICT;",
              "ci.sql:3: expected NOT NULL, PRIMARY KEY, DEFAULT, CHECK or the end of the column 'b' before "
              "'UNIQUE'"},
        Wrong{"TableConstraint", "-- A.\nCREATE TABLE a (\n  b TEXT,\n  PRIMARY KEY (b)\n) STRICT;",
              "ci.sql:4: PRIMARY of a whole table is not supported, only of a column"},
        Wrong{"CommentFirst", "-- A.\nCREATE TABLE a (\n  -- What b is.\n  b TEXT\n) STRICT;",
              "ci.sql:3: a comment belongs behind a column, not before it"},
        Wrong{"LastComma", "-- A.\nCREATE TABLE a (\n  b TEXT,\n) STRICT;",
              "ci.sql:4: a comma without a column behind it"},
        Wrong{"NullableKey", "-- A.\nCREATE TABLE a (\n  b TEXT PRIMARY KEY\n) STRICT;",
              "ci.sql:3: the PRIMARY KEY 'b' must be NOT NULL as well"},
        Wrong{"NullableDefault", "-- A.\nCREATE TABLE a (\n  b TEXT DEFAULT ''\n) STRICT;",
              "ci.sql:3: the column 'b' has a DEFAULT, so it must be NOT NULL: what is not known is NULL"},
        Wrong{"DefaultOfOtherType", "-- A.\nCREATE TABLE a (\n  b INTEGER NOT NULL DEFAULT 'x'\n) STRICT;",
              "ci.sql:3: the DEFAULT of the column 'b' is not of its type"},
        Wrong{
            "DefaultOutOfSet",
            "-- A.\nCREATE TABLE a (\n  b TEXT NOT NULL DEFAULT 'y' CHECK (b IN ('x')) -- 'x': z\n) STRICT;",
            "ci.sql:3: the DEFAULT of the column 'b' is not one of its values"},
        Wrong{"DefaultOfBoolean",
              "-- A.\nCREATE TABLE a (\n  b INTEGER NOT NULL DEFAULT 2 CHECK (b IN (0, 1))\n) STRICT;",
              "ci.sql:3: the DEFAULT of the column 'b' must be 0 or 1"},
        Wrong{"CheckOfAnother", "-- A.\nCREATE TABLE a (\n  b TEXT,\n  c TEXT CHECK (b IN ('x'))\n) STRICT;",
              "ci.sql:4: the CHECK of the column 'c' must begin with its name: CHECK (c IN (…))"},
        Wrong{"OtherCheck", "-- A.\nCREATE TABLE a (\n  b INTEGER CHECK (b BETWEEN 1 AND 2)\n) STRICT;",
              "ci.sql:3: expected IN before 'BETWEEN'"},
        Wrong{"TwoChecks",
              "-- A.\nCREATE TABLE a (\n  b INTEGER CHECK (b IN (0, 1)) CHECK (b IN (0, 1))\n) STRICT;",
              "ci.sql:3: the column 'b' has a second CHECK"},
        Wrong{"OtherNumbers", "-- A.\nCREATE TABLE a (\n  b INTEGER CHECK (b IN (1, 2))\n) STRICT;",
              "ci.sql:3: the CHECK of the INTEGER column 'b' must list 0 and 1, which make it true or false"},
        Wrong{"ValueOfOtherType", "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN (1))\n) STRICT;",
              "ci.sql:3: the CHECK of the column 'b' lists '1', which is not of the column's type"},
        Wrong{"ValueTwice", "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN ('x', 'x'))\n) STRICT;",
              "ci.sql:3: the value 'x' is listed twice"},
        Wrong{"ValueUnexplained",
              "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN ('x', 'y'))  -- what it is\n  -- 'x': this\n) "
              "STRICT;",
              "ci.sql:3: no comment \"'y': …\" says what this value of the column 'b' means"},
        Wrong{"ValueUnknown",
              "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN ('x'))  -- 'x': this\n  -- 'z': that\n) STRICT;",
              "ci.sql:4: the value 'z' is explained, but the CHECK of the column 'b' does not list it"},
        Wrong{"ValueExplainedTwice",
              "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN ('x'))  -- 'x': this\n  -- 'x': that\n) STRICT;",
              "ci.sql:4: the value 'x' is explained twice"},
        Wrong{"ValueWithoutMeaning",
              "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN ('x'))  -- 'x':\n) STRICT;",
              "ci.sql:3: the value 'x' has no meaning"},
        Wrong{"ValuesOfOneName",
              "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN ('x-y', 'x y'))  -- 'x-y': 1\n  -- 'x y': 2\n) "
              "STRICT;",
              "ci.sql:3: two values of the column 'b' would be called x_y in C++"},
        Wrong{"SetCalledAsATable",
              "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b IN ('x'))  -- 'x': 1\n) STRICT;\n"
              "-- B.\nCREATE TABLE a_b (c TEXT) STRICT;",
              "ci.sql:3: two things would be called AB in C++"},
        Wrong{"OpenQuote", "-- A.\nCREATE TABLE a (\n  b TEXT DEFAULT 'x\n) STRICT;",
              "ci.sql:3: a quote is not closed in its line"},
        Wrong{"OpenTable", "-- A.\nCREATE TABLE a (\n  b TEXT\n",
              "ci.sql:4: expected NOT NULL, PRIMARY KEY, DEFAULT, CHECK or the end of the column 'b' before "
              "the end of the "
              "file"},
        Wrong{"OddCharacter", "-- A.\nCREATE TABLE a (\n  b TEXT CHECK (b > 1)\n) STRICT;",
              "ci.sql:3: unexpected character '>'"}),
    [](const auto& wrong) { return wrong.param.name; });

}  // namespace
}  // namespace exitgate::facts::generate
