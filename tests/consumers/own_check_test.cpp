// A check of one's own: compiled in another project, found by its gates, explained, sealed and replayed.
#include <gmock/gmock.h>

#include "harness/json/json.h"
#include "tests/consumers/consumer.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;

TEST(OwnCheck, IsRunExplainedSealedAndReplayed) {
#if defined(EXITGATE_SANITIZED)
  GTEST_SKIP() << "what links a sanitized library must be sanitized as well";
#endif
  const TemporaryDirectory folder{"own-check"};
  const auto service = folder.path() / "service";
  make_sample(service);
  const Consumer project("own-check");
  project.make({"SERVICE=" + service.string()});
  const auto checks = (project.build() / "exitgate-checks").string();
  const auto run = project.build() / "exit-gates/run";

  const auto green = project.ctest({"-L", "EG-OURS1"});
  EXPECT_EQ(green.exit_code, 0) << green.output;
  EXPECT_EQ(verdict(run, "EG-OURS1.named"), "pass") << green.output;
  const auto described = Json::parse(read_file(run / "suite/checks/job-named.json"));
  EXPECT_EQ(described.at("why").text(), "A name is what a reviewer sees.");
  EXPECT_EQ(described.at("sha256").text().size(), 64U);

  const auto explained = exitgate({"explain", "job-named", "--checks", checks});
  EXPECT_EQ(explained.exit_code, 0) << explained.error;
  EXPECT_THAT(explained.output, HasSubstr("check job-named: Every job has a name"));
  EXPECT_THAT(explained.output, HasSubstr("needed (true or false, true when not given)"));

  const auto sealed = archives(project.build() / "exit-gates/archives");
  ASSERT_EQ(sealed.size(), 1U);
  const auto alone = exitgate({"verify", sealed[0].string(), "--replay"});
  EXPECT_EQ(alone.exit_code, 3) << alone.output;
  EXPECT_THAT(alone.output, HasSubstr("the check 'job-named' is not part of exitgate"));
  const auto replayed = exitgate({"verify", sealed[0].string(), "--replay", "--checks", checks});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.output << replayed.error;

  // Another program in its place says another thing of the same facts.
  write_file(folder.path() / "other/job-named", "#!/bin/sh\n[ \"$1\" = --describe ] && exec '" + checks +
                                                    "/job-named' --describe\n'" + checks +
                                                    "/job-named' \"$@\" | sed 's/\"pass\"/\"fail\"/'\n");
  std::filesystem::permissions(folder.path() / "other/job-named", std::filesystem::perms::owner_all);
  const auto other =
      exitgate({"verify", sealed[0].string(), "--replay", "--checks", (folder.path() / "other").string()});
  EXPECT_EQ(other.exit_code, 1) << other.output;
  EXPECT_THAT(other.output, HasSubstr("sealed pass, replayed fail"));
}

TEST(OwnCheck, AProgramThatIsNotACheckIsNamed) {
  const TemporaryDirectory folder{"own-check"};
  make_sample(folder.path() / "service");
  const auto program = folder.path() / "checks/tree-clean";
  const auto gates = [&] {
    return exitgate({"gates", "--repo", (folder.path() / "service").string(), "--checks",
                     (folder.path() / "checks").string()});
  };
  const auto write = [&](const std::string& text) {
    write_file(program, "#!/bin/sh\n" + text + "\n");
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
  };
  write("echo hello");
  EXPECT_THAT(gates().error, HasSubstr("tree-clean does not describe a check: "));
  const std::string description = R"("title":"t","why":"w","domains":["ci"],"parameters":[]})";
  write("echo '{\"name\":\"another\"," + description + "'");
  EXPECT_THAT(gates().error, HasSubstr("tree-clean describes itself as 'another'"));
  write("echo '{\"name\":\"tree-clean\"," + description + "'");
  EXPECT_THAT(gates().error, HasSubstr("there is another check 'tree-clean', a part of exitgate"));
  EXPECT_EQ(gates().exit_code, 2);
}

}  // namespace
}  // namespace exitgate::testing_program
