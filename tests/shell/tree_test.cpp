// What the tree of a script holds.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/shell/syntax.h"

namespace exitgate::shell {
namespace {

const Command& first(const Script& script) {
  return script.list.items.at(0).and_or.items.at(0).pipeline.commands.at(0);
}

std::vector<std::string> words_of(const Command& command) {
  std::vector<std::string> words;
  for (const Word& word : command.words) words.push_back(written(word));
  return words;
}
using Words = std::vector<std::string>;

Words words_of(const char* text, Dialect dialect = Dialect::posix) {
  return words_of(first(parse(text, dialect)));
}

TEST(Words, AreWrittenWithoutQuotes) {
  EXPECT_EQ(words_of("a 'b c' \"d\" e\\ f \"\" g'h'\"i\""), (Words{"a", "b c", "d", "e f", "", "ghi"}));
  EXPECT_EQ(words_of("a $b ${c:-d} $(e \"f\") `g` $((1 + 2)) <(h)"),
            (Words{"a", "$b", "${c:-d}", "$(e \"f\")", "`g`", "$((1 + 2))", "<(h)"}));
  EXPECT_EQ(words_of("a ${{ b && 'c }} d' }}e"), (Words{"a", "${{ b && 'c }} d' }}e"}));
  EXPECT_EQ(words_of("a $'b\\n\\x41\\'c'"), (Words{"a", "b\nA'c"}));
  EXPECT_EQ(words_of("a \"b \\\" \\d $\""), (Words{"a", "b \" \\d $"}));
}

TEST(Words, OfPowerShellKeepBackslashes) {
  EXPECT_EQ(words_of(".\\build.cmd -o out\\ `\n a`\"b", Dialect::powershell),
            (Words{".\\build.cmd", "-o", "out\\", "a\"b"}));
}

TEST(Words, OfPowerShellEndAtABlockComment) {
  EXPECT_EQ(words_of("<# a\n b #> c", Dialect::powershell), (Words{"c"}));
}

TEST(Parts, SayWhatIsQuoted) {
  const Script script = parse("a\"b$c\"$d");
  const auto& parts = first(script).words.at(0).parts;
  ASSERT_EQ(parts.size(), 4);
  EXPECT_FALSE(parts[0].quoted);
  EXPECT_TRUE(parts[1].quoted);
  EXPECT_TRUE(parts[2].quoted);
  EXPECT_EQ(parts[2].kind, Part::Kind::parameter);
  EXPECT_FALSE(parts[3].quoted);
  EXPECT_EQ(parameter_name(parse("\"$x\"").list.items[0].and_or.items[0].pipeline.commands[0].words[0]), "x");
}

TEST(Commands, AreNumberedInTheOrderInWhichTheyEnd) {
  const Script script = parse("a $(b | c) ${d:-`e`}\n");
  EXPECT_EQ(script.commands, 4);
  EXPECT_EQ(first(script).number, 3);
}

TEST(Commands, HaveLines) {
  const Script script = parse("\n\nA=1 \\\n b\n");
  EXPECT_EQ(first(script).line, 3);
  const Script nested = parse("echo \"\n$(\na)\" 'x\n' $(b)");
  const auto& parts = first(nested).words.at(1).parts;
  EXPECT_EQ(parts.at(1).commands->items.at(0).and_or.items.at(0).pipeline.commands.at(0).line, 3);
  const auto& last = first(nested).words.at(3).parts;
  EXPECT_EQ(last.at(0).commands->items.at(0).and_or.items.at(0).pipeline.commands.at(0).line, 4);
}

TEST(Assignments, AreApartFromWords) {
  const Script script = parse("A=1 B+=\"x y\" C[$i]=z D=(1 2) cmd E=f");
  const Command& command = first(script);
  ASSERT_EQ(command.assignments.size(), 4);
  EXPECT_EQ(command.assignments[1].name, "B");
  EXPECT_TRUE(command.assignments[1].append);
  EXPECT_TRUE(command.assignments[2].subscript);
  EXPECT_EQ(command.assignments[3].value.parts.at(0).items.size(), 2);
  EXPECT_EQ(words_of(command), (Words{"cmd", "E=f"}));
}

TEST(HereDocuments, AreTextsOfTheirCommand) {
  const Script script = parse("a <<E\nb $c\\$d\nE\nf <<-'G'\n\th $i\n\tG\n");
  const auto& one = *first(script).redirections.at(0).document;
  EXPECT_EQ(written(one.text), "b $c$d\n");
  EXPECT_EQ(one.line, 2);
  EXPECT_EQ(one.text.parts.at(1).kind, Part::Kind::parameter);
  const auto& other =
      *script.list.items.at(1).and_or.items.at(0).pipeline.commands.at(0).redirections.at(0).document;
  EXPECT_EQ(written(other.text), "h $i\n");
  EXPECT_EQ(other.text.parts.size(), 1);
}

TEST(HereDocuments, EndAtAnIndentedWordWhereThereIsNoOther) {
  const Script script = parse("a <<E\nb\n  E\nc\n");
  EXPECT_EQ(written(first(script).redirections.at(0).document->text), "b\n");
  EXPECT_EQ(script.list.items.size(), 2);
  const Script exact = parse("a <<E\n  E\nb\nE\nc\n");
  EXPECT_EQ(written(first(exact).redirections.at(0).document->text), "  E\nb\n");
}

TEST(Tests, HoldTheirOperators) {
  const Script script = parse("[[ ($a == b*||! -f c) && $d =~ ^(e|f)g$ ]]");
  const Command& command = first(script);
  EXPECT_EQ(command.kind, Command::Kind::test);
  EXPECT_EQ(words_of(command),
            (Words{"(", "$a", "==", "b*", "||", "!", "-f", "c", ")", "&&", "$d", "=~", "^(e|f)g$"}));
}

// Nothing is lost where the text is no script.
TEST(Recovery, ReadsOn) {
  for (const char* text : {"if a; then b\nc", "a) ; b ; fi ; c", "(a; b; c", "a $(b; c", "{ a ) b } c",
                           "a ( b ) c", "case a in b; c; a", "a; b; done\nc", "f() a; b; c", "a && | b; c"}) {
    EXPECT_NE(parse(text).problem, "") << text;
    EXPECT_GE(parse(text).commands, 2) << text;
  }
}

}  // namespace
}  // namespace exitgate::shell
