// Gates of a team's own from the commit's exitgate.yaml to the replay of their archive on a machine without the repository.

#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr const char* kConfig =
    "gates:\n"
    "  - exit-gate: EG-ACME1\n"
    "    title: Ours\n"
    "    gates:\n"
    "      - id: text\n"
    "        title: Nothing is printed\n"
    "        check: text\n"
    "        with: {pattern: '\\bprint\\(', files: '*.py', in: code}\n"
    "        counterexample: {file: a.py, content: 'print(1)'}\n"
    "      - id: syntax\n"
    "        title: Nothing is evaluated\n"
    "        check: syntax\n"
    "        with: {language: python, query: '(call function: (identifier) @f (#eq? @f \"eval\")) "
    "@finding'}\n"
    "        counterexample: {file: a.py, content: 'eval(x)'}\n"
    "      - id: files\n"
    "        title: There is a licence\n"
    "        check: files\n"
    "        with: {files: LICENSE}\n"
    "      - id: document\n"
    "        title: The package is private\n"
    "        check: document\n"
    "        with: {files: package.json, path: /private, equals: true}\n"
    "        counterexample: {file: package.json, content: '{}'}\n";

TEST(OwnGates, AreReplayedWithoutTheRepository) {
  const TemporaryDirectory folder("own-gates");
  const auto repository = folder.path() / "repo";
  std::filesystem::create_directories(repository);
  write_file(repository / "exitgate.yaml", kConfig);
  write_file(repository / "a.py", "# print(1)\neval(x)\n");
  write_file(repository / "LICENSE", "MIT\n");
  write_file(repository / "package.json", "{\n  \"private\": \"yes\"\n}\n");
  shell(repository, "git init -q -b main .");
  commit_all(repository, "Begin");

  const auto out = folder.path() / "out";
  const auto finished =
      exitgate({"run", "--repo", repository.string(), "--label", "EG-ACME1", "--out", out.string()});
  EXPECT_EQ(finished.exit_code, 1) << finished.output << finished.error;
  EXPECT_EQ(verdict(out, "EG-ACME1.text"), "pass");
  EXPECT_EQ(verdict(out, "EG-ACME1.syntax"), "fail");
  EXPECT_EQ(verdict(out, "EG-ACME1.files"), "pass");
  EXPECT_EQ(verdict(out, "EG-ACME1.document"), "fail");
  EXPECT_THAT(finished.output, HasSubstr("a.py:2  'eval(x)' must not occur"));
  EXPECT_THAT(finished.output, HasSubstr("package.json:2  /private is 'yes', and must be true"));

  std::filesystem::remove_all(repository);
  ASSERT_THAT(archives(out), SizeIs(1));
  const auto verified = exitgate({"verify", archives(out)[0].string(), "--replay"});
  EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.error;
  EXPECT_THAT(verified.output, HasSubstr("everything that was asked holds"));
}

}  // namespace
}  // namespace exitgate::testing_program
