// pyproject.toml, as far as Alembic's environment needs it.
#include "harness/collect/migrations/toml.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

using testing::ElementsAre;

TEST(TomlFile, IsReadAsFarAsItIsNeeded) {
  const auto table = toml_table(
      "title = \"[tool.x]\"\ntext = \"\"\"\n[tool.x]\na = 1\n\"\"\"\n[ tool . \"x\" ] # here\na = 'b\\c'\nb "
      "= \"q\\\"\"\n"
      "c = [ 'one', [\"nested\"], { k = 'in' }, \"two\" ]\nd = true # yes\ne = { f = 'g' }\nh = "
      "1\n[tool.x.y]\na = 'no'\n",
      "tool.x");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->line, 6);
  EXPECT_EQ(table->strings.at("a"), "b\\c");
  EXPECT_EQ(table->strings.at("b"), "q\"");
  EXPECT_THAT(table->lists.at("c"), ElementsAre("one", "two"));
  EXPECT_TRUE(table->booleans.at("d"));
  EXPECT_FALSE(toml_table("[tool]\nx = 1\n", "tool.x").has_value());
  EXPECT_FALSE(toml_table("[[tool.x]]\na = 'b'\n", "tool.x").has_value());
  EXPECT_EQ(toml_table("\n[tool]\nx = {a = 'b'}\r\n", "tool.x")->line, 3);
  EXPECT_EQ(toml_table("[tool.x.y]\n[tool.x]\na = \"\\u00e9\"", "tool.x")->strings.at("a"), "é");
}

std::string problem_of(const std::string& text) {
  try {
    toml_table(text, "tool.x");
  } catch (const TomlError& error) {
    return fmt::format("{} {}", error.line, error.what());
  }
  return "";
}

TEST(TomlFile, SaysWhereItIsNotToml) {
  EXPECT_EQ(problem_of("[tool.x"), "1 Error while parsing table header: encountered end-of-file");
  EXPECT_EQ(problem_of("[tool.x]\na = 'never closed\nb = [ 'x',").substr(0, 2), "2 ");
  EXPECT_EQ(problem_of("a = 1\n[tool.x]\na = 1\na = 2\n"),
            "4 Error while parsing key-value pair: cannot redefine existing integer 'a'");
  EXPECT_NE(problem_of("a = '\xFF'"), "");
  EXPECT_NE(problem_of("x = " + std::string(100'000, '[')), "");
}

// toml++ runs out of stack on these.
TEST(TomlFile, RejectsKeysOfAHundredThousandParts) {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += ".'a b'";
  for (const std::string& text :
       {key + " = 1", "[" + key + "]", "[[" + key + "]]", "x = {y = {" + key + " = 1}}",
        R"(x = ["""y"""", {)" + key + " = 1}]", "x = ['''y''''', {" + key + " = 1}]",
        R"(x = ["\"", {)" + key + " = 1}]", "x = ['\\', {" + key + " = 1}]"})
    EXPECT_EQ(problem_of("\n" + text), "2 a key of more than 20 parts") << text.substr(0, 30);
  const std::string dots = "1.2.3.4.5.6.7.8.9.0.1.2.3.4.5.6.7.8.9.0.1.2.3.4.5";
  const std::string long_list = "b = [1.0" + std::string(100, ',').replace(0, 100, ", 2.0, 3.0, 4.0") + "]\n";
  EXPECT_EQ(
      problem_of("a = '" + dots + "' # " + dots + "\n" + long_list + "c = \"\"\"\n" + dots + "\"\"\"\n"), "");
}

TEST(Pyproject, ThatIsNotTomlIsAProblem) {
  const test::ScratchRepository scratch;
  scratch.write("pyproject.toml", "[project]\nname = x\n[tool.alembic]\nscript_location = \"db\"\n");
  scratch.write("db/env.py", "");
  scratch.write("other/pyproject.toml", "[project]\nname = x\n");
  scratch.commit();
  const CollectedMigrations found(scratch.root());
  EXPECT_THAT(found.problems(), ElementsAre(testing::StartsWith("pyproject.toml|2|not valid TOML: ")));
  EXPECT_THAT(found.environments(), ElementsAre("pyproject.toml|alembic|pyproject.toml|"));
}

}  // namespace
}  // namespace exitgate::collect
