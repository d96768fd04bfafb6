#include "harness/archive/show.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/archive/seal.h"
#include "harness/base/file.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {
namespace {

TEST(Show, FitsOneScreen) {
  const TemporaryDirectory folder("exitgate-show");
  const auto run = folder.path() / "run";
  write_sample_run(run);
  auto verdict = verdict::verdict_from_json(Json::parse(read_file(run / "verdicts/EG-CG1.docs.json")));
  for (int line = 1; line <= 4; ++line) {
    verdict::Judged one;
    one.id = fmt::format("id{}", line);
    one.finding.file = "docs.yml";
    one.finding.line = line;
    one.finding.message = "a \x1b[31mred\x1b[0m thing";
    verdict.findings.push_back(one);
  }
  write_file(run / "verdicts/EG-CG1.docs.json", to_json(verdict).dump());
  seal({.run = run, .archive = folder.path() / "a.tar.zst"});
  const std::string expected =
      "run          sample-1\n"
      "repository   https://github.com/o/r.git\n"
      "commit       d1b778853611875b3dd20fd0ddd6a2432d65d321 on main\n"
      "tree         0a1b2c3d4e5f60718293a4b5c6d7e8f901234567\n"
      "started      2026-11-23T10:00:00Z\n"
      "outcome      fail\n"
      "schema       migrated aaaaaaaaaaaaaaaa\n"
      "{}\n"
      "EG-CG1       red: 1 fail, 1 pass\n"
      "EG-CG2       not evaluated: 1 skip\n"
      "\n"
      "FAIL  EG-CG1.docs: A sample gate\n"
      "      docs.yml:1: a ?[31mred?[0m thing\n"
      "      docs.yml:2: a ?[31mred?[0m thing\n"
      "      and 2 more\n";
  EXPECT_EQ(show(folder.path() / "a.tar.zst"),
            fmt::format(fmt::runtime(expected), "attestation  unsigned statement\n"));
  EXPECT_EQ(show(run), fmt::format(fmt::runtime(expected), ""));
}

}  // namespace
}  // namespace exitgate::archive
