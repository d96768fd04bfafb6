// What is of bash's grammar, and what is not. `bash -n` (5.2) says the same of each; expressions of GitHub apart,
// which the runner puts in before a shell reads the text.
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "harness/shell/syntax.h"

namespace exitgate::shell {
namespace {

struct TextCase {
  const char* name;
  const char* text;
};
void PrintTo(const TextCase& one, std::ostream* out) {
  *out << one.name;
}
std::string name_of(const ::testing::TestParamInfo<TextCase>& one) {
  return one.param.name;
}

class Accepted : public ::testing::TestWithParam<TextCase> {};
TEST_P(Accepted, HasNoProblem) {
  EXPECT_EQ(parse(GetParam().text).problem, "") << GetParam().text;
}
const TextCase kAccepted[] = {
    {"Nothing", ""},
    {"Comments", "# a\n  # b"},
    {"Lists", "a; b & c && d ||\n\n e | f |& g\n! h"},
    {"WindowsLines", "if a; then\r\n  b\r\nfi\r\n"},
    {"Continuation", "a \\\n  b \\\r\n  c"},
    {"Assignments", "A=1 B+=x C[0]=y D=(1 $(a) 'b c' # comment\n d) E= cmd"},
    {"LocalArray", "local -a x=(a b)"},
    {"If", "if a; then b; elif c; then d; else e; fi > log"},
    {"ReservedWordAfterACompound", "if a; then for b in c; do d; done fi"},
    {"ReservedWordAsArgument", "echo if then fi done } esac"},
    {"While", "while read -r a; do b; done < <(c)"},
    {"For", "for a in b c; do d; done; for a\ndo b; done; for a; do b; done; for a in b; { c; }"},
    {"ForThatCounts", "for ((i = 0; i < 3; i++)); do a; done"},
    {"Select", "select a in b c; do d; break; done"},
    {"Case", "case $a in\n b|c) d ;;\n (e) f ;&\n \"g\"*) ;;&\n *) h\nesac"},
    {"CaseInASubstitution", "x=$(case $a in b) c ;; esac)"},
    {"Functions", "a() { b; }\nfunction c { d; }\nfunction e() ( f )\ng ()\n{\n h\n}"},
    {"Test", "[[ -f a && ( $b == c* || ! $d =~ ^(e|f g)$ ) ]]"},
    {"TestOverLines", "[[ a ||\n b ]]"},
    {"TestWithExtendedPattern", "[[ $a == @(b|c) ]]"},
    {"Arithmetic", "((a++)); b=$(( (c + 1) * 2 )); ((d)) && e"},
    {"TwoSubshells", "((a; b) | c)"},
    {"SubstitutionThatBeginsWithASubshell", "a=$((b; c) | d)"},
    {"Quotes", "a 'b\n\"c' \"d 'e' $(f \"g\") \\\" `h`\" $'i\\'j' $\"k\""},
    {"Parameters", "a ${b:-\"}\"} ${c#*{} ${d//\\}/x} \"${e//'\"'/}\" ${f:-${g:-$(h)}} $# $? $$ ${#i[@]}"},
    {"HereDocuments", "a <<E b <<-'F'\n$(c)\nE\n\t)'\n\tF\nd"},
    {"HereDocumentInASubstitution", "a=\"$(b <<E\nc ' (\nE\n)\""},
    {"HereDocumentNotClosed", "a <<E\nb"},
    {"HereString", "a <<< \"b c\""},
    {"Redirections", "a > b 2>&1 < c >> d &> e &>> f >| g <> h 2>&- {i}> j >&2"},
    {"Processes", "diff <(a) <(b | c) > >(d)"},
    {"Time", "time a; time -p b | c"},
    {"Background", "a & b & wait"},
    {"Expressions", "echo ${{ github.ref }} '${{ format('{0} }}', 1) }}' \"${{ a && 'b' }}\""},
};
INSTANTIATE_TEST_SUITE_P(All, Accepted, ::testing::ValuesIn(kAccepted), name_of);

class Invalid : public ::testing::TestWithParam<TextCase> {};
TEST_P(Invalid, HasAProblem) {
  EXPECT_NE(parse(GetParam().text).problem, "") << GetParam().text;
}
const TextCase kInvalid[] = {
    {"IfNotClosed", "if a; then b"},
    {"IfWithoutThen", "if a; b; fi"},
    {"LoopNotClosed", "while a; do b"},
    {"CaseNotClosed", "case a in b) c ;;"},
    {"GroupNotClosed", "{ a; "},
    {"SubshellNotClosed", "(a"},
    {"SubstitutionNotClosed", "a $(b"},
    {"ParameterNotClosed", "a ${b"},
    {"SingleQuoteNotClosed", "a 'b"},
    {"DoubleQuoteNotClosed", "a \"b"},
    {"BackquoteNotClosed", "a `b"},
    {"TestNotClosed", "[[ a "},
    {"ArrayNotClosed", "a=(b"},
    {"StrayFi", "a; fi"},
    {"StrayDone", "done"},
    {"StrayBrace", "a | }"},
    {"StrayParenthesis", "a)"},
    {"ParenthesisInACommand", "a (b)"},
    {"NothingAfterPipe", "a | "},
    {"NothingAfterAnd", "a && "},
    {"NothingBeforeAnd", "&& a"},
    {"NothingBetweenSemicolons", "a ; ; b"},
    {"SemicolonsOutsideOfCase", "a ;; b"},
    {"FunctionWithoutBody", "a() b"},
    {"RedirectionWithoutTarget", "a >"},
};
INSTANTIATE_TEST_SUITE_P(All, Invalid, ::testing::ValuesIn(kInvalid), name_of);

// Bash has no limit.
TEST(Depth, IsLimited) {
  for (const char* open : {"(", "{ ", "$(", "if ", "${a:-$(", "\"$(", "[[ $("}) {
    std::string text;
    for (int i = 0; i < 50000; ++i) text += open;
    EXPECT_NE(parse(text).problem, "") << open;
  }
}

}  // namespace
}  // namespace exitgate::shell
