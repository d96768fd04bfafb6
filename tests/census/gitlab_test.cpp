// What a text search finds in GitLab's configuration, and which row must stand where.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include <map>

#include "harness/collect/census/hits.h"

namespace exitgate::collect::census {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Files = std::map<std::string, std::string>;

// "base.yml:7 (6-7) run: make", or with what explains it.
std::vector<std::string> shown(const Files& files, std::string_view fact) {
  std::vector<std::string> paths;
  for (const auto& [path, text] : files) paths.push_back(path);
  Found found;
  search_gitlab(
      [&](const std::string& path) {
        const auto file = files.find(path);
        return file == files.end() ? std::nullopt : std::optional(file->second);
      },
      paths, found);
  std::vector<std::string> lines;
  for (const auto& hit : found.hits) {
    const auto& search = searches()[static_cast<std::size_t>(hit.search)];
    if (search.fact != fact) continue;
    const std::string file = hit.file == ".gitlab-ci.yml" ? "" : hit.file + ":";
    lines.push_back(hit.explained.empty()
                        ? fmt::format("{}{} ({}-{}) {}", file, hit.line, hit.first, hit.last, hit.text)
                        : fmt::format("{}{} {}", file, hit.line, hit.explained));
  }
  return lines;
}
std::vector<std::string> artifacts(const std::string& text) {
  return shown({{".gitlab-ci.yml", text}}, "ci.artifact");
}

TEST(GitlabCensus, ArtifactsOfAJob) {
  EXPECT_THAT(artifacts("a:\n"
                        "  script:\n"
                        "    - |\n"
                        "      cat <<END\n"
                        "      artifacts:\n"
                        "  # artifacts:\n"
                        "  artifacts:\n"
                        "    paths:\n"
                        "      - x\n"
                        "\n"
                        "  needs:\n"
                        "    - job: c\n"
                        "      artifacts: true\n"
                        "'b: of c':\n"
                        "  artifacts: {paths: [x]}  # both\n"
                        "  script: x\n"),
              ElementsAre("7 (7-9) artifacts:", "15 (15-15) artifacts: {paths: [x]}  # both", "5 string",
                          "13 another key"));
}

TEST(GitlabCensus, WhatAJobExtends) {
  EXPECT_THAT(artifacts(".keep:\n"
                        "  artifacts:\n"
                        "    paths: [x]\n"
                        ".unused:\n"
                        "  artifacts: {paths: [x]}\n"
                        ".middle: &anchor\n"
                        "  extends: .keep\n"
                        "a:\n"
                        "  extends: [.middle, .none]\n"
                        ".none:\n"
                        "  script: x\n"
                        "b:\n"
                        "  extends:\n"
                        "    - .keep\n"
                        "  artifacts:\n"
                        "    when: always\n"
                        "c:\n"
                        "  <<: *anchor\n"
                        "  script: x\n"
                        "d:\n"
                        "  extends: .elsewhere\n"
                        "e:\n"
                        "  extends: .keep\n"
                        "  trigger: {include: x.yml}\n"),
              ElementsAre("2 template", "5 template never extended", "8 (2-3) a:", "15 (15-16) artifacts:",
                          "17 (2-3) c:", "22 job that triggers a pipeline"));
}

TEST(GitlabCensus, FormsThatAreNotFollowed) {
  EXPECT_THAT(artifacts(".art: &art {paths: [x]}\n"
                        "a:\n"
                        "  artifacts: *art\n"
                        "b:\n"
                        "  artifacts:\n"
                        "    paths: !reference [.x, artifacts, paths]\n"
                        "c:\n"
                        "  artifacts: {}\n"
                        "d:\n"
                        "  artifacts:\n"
                        "    paths: [\"$[[ inputs.x ]]\"]\n"
                        "e: {artifacts: {paths: [x]}}\n"),
              ElementsAre("3 (0-0) artifacts: *art", "5 (0-0) artifacts:", "8 empty, or by an alias or input",
                          "10 empty, or by an alias or input"));
}

TEST(GitlabCensus, DefaultsOfAllJobs) {
  EXPECT_THAT(artifacts("default:\n"
                        "  artifacts:\n"
                        "    paths: [x]\n"
                        "a:\n"
                        "  script: x\n"
                        "b:\n"
                        "  script: x\n"
                        "  inherit: {default: false}\n"),
              ElementsAre("2 default of all jobs", "4 (2-3) a:"));
  EXPECT_THAT(shown({{".gitlab-ci.yml",
                      "services:\n"
                      "  - db\n"
                      "a:\n"
                      "  services: [x]\n"
                      "b:\n"
                      "  script: x\n"}},
                    "ci.service"),
              ElementsAre("1 default of all jobs", "4 (4-4) services: [x]", "5 (1-2) b:"));
}

TEST(GitlabCensus, FilesThatAreIncludedOrStartedAsChildren) {
  const std::string job = "\n  script: x\n  artifacts:\n    paths: [x]\n";
  const Files files = {{".gitlab-ci.yml",
                        "include:\n"
                        "  - local: /ci/a.yml\n"
                        "  - ci/b.yml\n"
                        "  # - ci/commented.yml\n"
                        "  - local: ci/rules.yml\n"
                        "    rules:\n"
                        "      - if: $X\n"
                        "  - project: other/group\n"
                        "    file: ci/project.yml\n"
                        "  - local: many/*.yml\n"
                        "  - https://example.org/ci/url.yml\n"
                        "start:\n"
                        "  trigger:\n"
                        "    include:\n"
                        "      - local: ci/child.yml\n"
                        "other:\n"
                        "  trigger: {include: ci/flow.yml, strategy: depend}\n"},
                       {"ci/a.yml", "include: [ci/deep.yml]\na:" + job},
                       {"ci/b.yml", ".t:" + job},
                       {"ci/commented.yml", "c:" + job},
                       {"ci/rules.yml", "r:" + job},
                       {"ci/project.yml", "p:" + job},
                       {"ci/deep.yml", "d:\n  extends: .t\n"},
                       {"ci/url.yml", "u:" + job},
                       {"ci/child.yml", "child:" + job},
                       {"ci/flow.yml", "flow:" + job},
                       {"many/one.yml", "one:" + job},
                       {"many/below/two.yml", "two:" + job}};
  EXPECT_THAT(shown(files, "ci.workflow"),
              ElementsAre("0 (0-0) ", "ci/a.yml:0 (0-0) ", "ci/b.yml:0 (0-0) ",
                          "ci/rules.yml:0 included by rules", "many/one.yml:0 (0-0) ",
                          "ci/child.yml:0 (0-0) ", "ci/flow.yml:0 (0-0) ", "ci/deep.yml:0 (0-0) "));
  EXPECT_THAT(
      shown(files, "ci.artifact"),
      ElementsAre("ci/a.yml:4 (4-5) artifacts:", "ci/b.yml:3 template", "ci/rules.yml:3 included by rules",
                  "many/one.yml:3 (3-4) artifacts:", "ci/child.yml:3 (3-4) artifacts:",
                  "ci/flow.yml:3 (3-4) artifacts:", "ci/deep.yml:1 (1-1) d:"))
      << "what is written in another file has its row at the job";
  EXPECT_THAT(shown({{"other.yml", "a:" + job}}, "ci.artifact"), IsEmpty());
}

TEST(GitlabCensus, LinesOfScriptsThatBeginWithATestCommand) {
  EXPECT_THAT(shown({{".gitlab-ci.yml",
                      "a:\n"
                      "  script:\n"
                      "    - make\n"
                      "    - 'pytest -q'\n"
                      "  after_script: [tox]\n"
                      "b:\n"
                      "  script: go test ./...\n"
                      "c:\n"
                      "  script:\n"
                      "    - |\n"
                      "      cat > x <<END\n"
                      "      pytest\n"
                      ".t:\n"
                      "  script: pytest\n"}},
                    "ci.command"),
              ElementsAre("4 (2-4) - 'pytest -q'", "7 (7-7) script: go test ./..."));
}

TEST(GitlabCensus, NamesOfFilesAreNoPartOfTheCommandsThatShowTheHits) {
  const auto& search = searches()[static_cast<std::size_t>(Search::gitlab_artifacts)];
  EXPECT_EQ(command_of(search, {".gitlab-ci.yml", "a b.yml", "x'; rm -rf $HOME;'\n.yml", ":!x.yml"}),
            "git grep -nE '^ *(- +)?artifacts:' $C -- '.gitlab-ci.yml' 'a b.yml' 'x?; rm -rf $HOME;??.yml' "
            "'?!x.yml'");
}

TEST(GitlabCensus, Jobs) {
  EXPECT_THAT(
      shown({{".gitlab-ci.yml",
              "include: ci/a.yml\n"
              "stages: [x]\n"
              "variables:\n"
              "  A: b\n"
              "default:\n"
              "  image: x\n"
              "test unit: # one\n"
              "  script: x\n"
              ".hidden:\n"
              "  script: x\n"
              "a:b: &a\n"
              "  script: x\n"
              "both:\n"
              "  script: x\n"
              "list:\n"
              "  - x\n"},
             {"ci/a.yml", "both:\n  stage: x\n"}},
            "ci.job"),
      ElementsAre("7 (7-7) test unit: # one", "11 (11-11) a:b: &a", "13 merged with another of its name",
                  "ci/a.yml:1 merged with another of its name"));
}

}  // namespace
}  // namespace exitgate::collect::census
