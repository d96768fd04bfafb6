// Tables of a TOML file.
#include "harness/settings/toml.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace exitgate::settings {
namespace {

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
  ASSERT_EQ(table->lists.at("c").size(), 2U);
  EXPECT_EQ(table->lists.at("c")[0].text, "one");
  EXPECT_EQ(table->lists.at("c")[1].text, "two");
  EXPECT_TRUE(table->booleans.at("d"));
  EXPECT_EQ(table->numbers.at("h"), "1");
  EXPECT_EQ(table->tables.at("e").strings.at("f"), "g");
  EXPECT_EQ(table->tables.at("y").line, 13);
  EXPECT_FALSE(toml_table("[tool]\nx = 1\n", "tool.x").has_value());
  EXPECT_FALSE(toml_table("[[tool.x]]\na = 'b'\n", "tool.x").has_value());
  EXPECT_EQ(toml_table("\n[tool]\nx = {a = 'b'}\r\n", "tool.x")->line, 3);
  EXPECT_EQ(toml_table("[tool.x.y]\n[tool.x]\na = \"\\u00e9\"", "tool.x")->strings.at("a"), "é");
}

TEST(TomlFile, ScalarsAreText) {
  const auto table =
      toml_table("[t]\na = 0xa\nb = 1_000\nc = false\nd = 'x'\ne = 1.5\nf = [\n  'y',\n  'z']\n", "t");
  ASSERT_TRUE(table.has_value());
  EXPECT_EQ(table->scalar("a"), "10");
  EXPECT_EQ(table->scalar("b"), "1000");
  EXPECT_EQ(table->scalar("c"), "false");
  EXPECT_EQ(table->scalar("d"), "x");
  EXPECT_EQ(table->scalar("e"), "1.5");
  EXPECT_EQ(table->scalar("f"), std::nullopt);
  EXPECT_EQ(table->scalar("g"), std::nullopt);
  EXPECT_EQ(table->lines.at("e"), 6);
  EXPECT_EQ(table->lists.at("f")[1].line, 9);
  EXPECT_EQ(toml_table("a = 1\n", "")->scalar("a"), "1");
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

}  // namespace
}  // namespace exitgate::settings
