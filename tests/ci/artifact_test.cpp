#include <fmt/core.h>
#include <gtest/gtest.h>

#include <string_view>
#include <tuple>
#include <vector>

#include "harness/base/text.h"
#include "tests/ci/repository.h"

namespace exitgate::collect {
namespace {

TEST(Artifacts, GlobsThatMeet) {
  const std::vector<std::tuple<std::string_view, std::string_view, bool>> cases = {
      {"a", "a", true},           {"a", "b", false},        {"", "", true},
      {"", "a", false},           {"*", "", true},          {"*", "abc", true},
      {"a*", "abc", true},        {"a*", "b*", false},      {"a*c", "abc", true},
      {"a*c", "ab", false},       {"*c", "a*", true},       {"logs-*", "logs-*-x", true},
      {"logs-*", "*-logs", true}, {"x-*-y", "x-y", false},  {"x-*y", "x-y", true},
      {"**", "a", true},          {"a*b*c", "a1b2c", true}, {"a*b*c", "a1c", false},
      {"ab", "a*b", true},        {"*a*", "b*b", true},
  };
  for (const auto& [one, other, meet] : cases) {
    EXPECT_EQ(globs_meet(one, other), meet) << one << " " << other;
    EXPECT_EQ(globs_meet(other, one), meet) << other << " " << one;
  }
}

TEST(Artifacts, DownloadsFindTheUploadsOfTheirRun) {
  const TestRepository repository({{".github/workflows/ci.yml", R"(on: push
jobs:
  a:
    steps:
      - {uses: actions/upload-artifact@v4, with: {name: "logs-${{ github.sha }}"}}
      - {uses: actions/upload-artifact@v4}
      - {uses: actions/download-artifact@v4, with: {name: logs-1}}
      - {uses: actions/download-artifact@v4, with: {name: artifact}}
      - {uses: actions/download-artifact@v4, with: {name: missing}}
      - {uses: actions/download-artifact@v4, with: {name: elsewhere}}
      - {uses: actions/download-artifact@v4, with: {pattern: "*-x", merge-multiple: true}}
      - {uses: actions/download-artifact@v4}
      - {uses: actions/download-artifact@v4, with: {name: missing, run-id: 3, github-token: t}}
      - {uses: actions/download-artifact@v4, with: {artifact-ids: 7}}
      - {uses: actions/download-artifact@v4, with: {name: missing, run-id: 3}}
      - {uses: actions/download-artifact@v4, with: {name: missing, run-id: "${{ github.run_id }}", github-token: t}}
  b: {uses: ./.github/workflows/called.yml}
)"},
                                   {".github/workflows/called.yml", R"(on: workflow_call
jobs:
  a:
    steps:
      - {uses: actions/upload-artifact@v4, with: {name: elsewhere}}
      - {uses: actions/download-artifact@v4, with: {name: artifact}}
)"},
                                   {".github/workflows/remote.yml", R"(on: push
jobs:
  a: {uses: o/r/.github/workflows/x.yml@v1}
  b:
    steps: [{uses: actions/download-artifact@v4, with: {name: logs}}]
)"}});
  const auto facts = repository.collect();
  EXPECT_EQ(
      rows(facts,
           "SELECT replace(file, '.github/workflows/', ''), line, uploads FROM ci.artifact "
           "WHERE direction = 'download' ORDER BY file, line"),
      (Rows{"called.yml|6|1", "ci.yml|7|1", "ci.yml|8|1", "ci.yml|9|0", "ci.yml|10|1", "ci.yml|11|1",
            "ci.yml|12|3", "ci.yml|13|-", "ci.yml|14|-", "ci.yml|15|0", "ci.yml|16|0", "remote.yml|5|-"}));
  EXPECT_EQ(rows(facts, "SELECT upload_file, upload_line FROM ci.artifact_match WHERE line = 10"),
            (Rows{".github/workflows/called.yml|5"}));
}

TEST(Artifacts, WhatTheyAreCalled) {
  const std::map<std::string, std::string> files = {{".github/workflows/ci.yml", R"(on: push
jobs:
  a:
    steps:
      - {uses: actions/upload-artifact@v4, with: {path: x}}
      - {uses: actions/upload-artifact@v4, with: {path: x, name: ""}}
      - {uses: actions/upload-artifact@v7, with: {path: "out/${{ a['/'] }}-b.tar.gz", name: other, archive: false}}
      - {uses: actions/upload-artifact@v6, with: {path: out/b.tar.gz, archive: false}}
      - {uses: actions/upload-artifact@0123456789012345678901234567890123456789, with: {path: b, archive: false}}
      - {uses: actions/upload-artifact@v7, with: {path: "out/", archive: false}}
      - {uses: actions/upload-artifact@v7, with: {path: b, name: x, archive: "${{ inputs.x }}"}}
      - {uses: actions/upload-artifact/merge@v4, with: {pattern: "x-${{ github.sha }}-*"}}
      - {uses: actions/download-artifact@v4, with: {pattern: "x-${{ github.sha }}-*"}}
      - {uses: actions/download-artifact@v4, with: {pattern: "x-[ab]"}}
      - {uses: actions/download-artifact@v4}
)"}};
  const TestRepository repository(files);
  EXPECT_EQ(
      rows(repository.collect(), "SELECT line, artifact_name, name_pattern FROM ci.artifact ORDER BY line"),
      (Rows{"5|artifact|artifact", "6|artifact|artifact", "7|${{ a['/'] }}-b.tar.gz|*-b.tar.gz",
            "8|artifact|artifact", "9|b|b", "10|-|*", "11|-|*", "12|merged-artifacts|merged-artifacts",
            "13|-|x-*-*", "14|-|*", "15|-|-"}));
}

TEST(Artifacts, DaysAsTheActionReadsThem) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"30", "30"},
      {"'30'", "30"},
      {"30 days", "30"},
      {"' 7'", "7"},
      {"0x10", "16"},
      {"'0x10'", "16"},
      {"010", "10"},
      {"1e1", "10"},
      {"'1e1'", "1"},
      {"7.9", "7"},
      {"'7.9'", "7"},
      {"-1", "-1"},
      {"'-1'", "-1"},
      {"''", "-"},
      {"many", "-"},
      {"'${{ x }}'", "-"},
      {"", "-"},
      {"true", "-"},
      {"99999999999999999999", "-"},
      {".nan", "-"},
  };
  std::string steps;
  Rows wanted;
  for (const auto& [text, days] : cases) {
    steps +=
        fmt::format("      - {{uses: actions/upload-artifact@v4, with: {{retention-days: {}}}}}\n", text);
    wanted.emplace_back(days);
  }
  const TestRepository repository(
      {{".github/workflows/ci.yml", "on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n" + steps}});
  EXPECT_EQ(rows(repository.collect(), "SELECT retention_days FROM ci.artifact ORDER BY line"), wanted);
}

TEST(Artifacts, NamesThatCollideInAMatrix) {
  const std::map<std::string, std::string> files = {{".github/workflows/ci.yml", R"(on: push
jobs:
  a:
    strategy: {matrix: {os: [linux, mac], python: [1, 2]}}
    steps:
      - {uses: actions/upload-artifact@v4}
      - {uses: actions/upload-artifact@v4, with: {name: "x-${{ matrix.os }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "x-${{ matrix.os }}-${{ matrix.python }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "x-${{ github.sha }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "x-${{ steps.a.outputs.b }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "x-${{ matrix.os }}", overwrite: true}}
      - {uses: actions/upload-artifact@v3}
      - {uses: actions/upload-artifact@v4, if: matrix.os == 'linux' && matrix.python == 1}
      - {uses: actions/upload-artifact@v4, if: failure()}
      - {uses: actions/upload-artifact@v4, if: steps.a.outcome == 'failure'}
      - {uses: actions/upload-artifact@v4, if: github.ref == 'x'}
      - {uses: actions/upload-artifact@v4, with: {name: "${{ runner.os }}-${{ matrix.os }}-${{ matrix.python }}"}}
      - {uses: actions/upload-artifact@v4, with: {name: "${{ github.sha }}-${{ runner.os }}{}${{ matrix.os }}-${{ matrix.python }}-x"}}
      - {uses: actions/upload-artifact@v7, with: {path: "out/${{ matrix.os }}/a.zip", archive: false}}
      - {uses: actions/upload-artifact@v7, with: {path: "out/${{ matrix.os }}-${{ matrix.python }}.zip", archive: false}}
      - {uses: actions/upload-artifact@v7, with: {path: "out/*.zip", archive: false}}
  b:
    strategy: {matrix: {os: "${{ fromJSON(vars.OS) }}"}}
    steps: [{uses: actions/upload-artifact@v4}]
  c:
    steps: [{uses: actions/upload-artifact@v4}]
)"}};
  const TestRepository repository(files);
  EXPECT_EQ(rows(repository.collect(), "SELECT line, collides FROM ci.artifact ORDER BY line"),
            (Rows{"6|1", "7|1", "8|0", "9|1", "10|-", "11|0", "12|0", "13|0", "14|-", "15|-", "16|1", "17|0",
                  "18|0", "19|1", "20|0", "21|-", "24|-", "26|0"}));
}

TEST(Artifacts, HiddenFilesByVersionAndByWish) {
  const std::map<std::string, std::string> files = {{".github/workflows/ci.yml", R"(on: push
jobs:
  a:
    steps:
      - {uses: actions/upload-artifact@v4, with: {path: x}}
      - {uses: actions/upload-artifact@v4, with: {path: x, include-hidden-files: true}}
      - {uses: actions/upload-artifact@v4.3.1, with: {path: x}}
      - {uses: actions/upload-artifact@v4.4.0, with: {path: x}}
      - {uses: actions/upload-artifact@v3, with: {path: x}}
      - {uses: actions/upload-artifact@main, with: {path: x}}
      - {uses: actions/upload-artifact@0123456789012345678901234567890123456789, with: {path: x}}
      - {uses: actions/download-artifact@v4}
      - {uses: actions/upload-artifact@834a144ee995460fba8ed112a2fc961b36a5ec5a, with: {path: x}}
      - {uses: actions/upload-artifact@v4, with: {path: x, include-hidden-files: "${{ inputs.all }}"}}
      - {uses: actions/upload-artifact@v3.2.1, with: {path: x}}
      - {uses: actions/upload-pages-artifact@v4.0.0}
      - {uses: actions/upload-pages-artifact@v3}
)"}};
  const TestRepository repository(files);
  EXPECT_EQ(
      rows(repository.collect(), "SELECT line, hidden_files, second_upload FROM ci.artifact ORDER BY line"),
      (Rows{"5|0|fails", "6|1|fails", "7|1|fails", "8|0|fails", "9|1|fails", "10|0|fails", "11|0|fails",
            "12|-|-", "13|1|fails", "14|-|fails", "15|0|fails", "16|0|fails", "17|1|fails"}));
}

}  // namespace
}  // namespace exitgate::collect
