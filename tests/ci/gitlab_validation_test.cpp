// What GitLab accepts and refuses, case by case: the tables are in gitlab_validation/, each with its authority.
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/expression_syntax.h"
#include "harness/collect/ci/gitlab/include.h"
#include "harness/collect/ci/gitlab/pattern.h"
#include "harness/collect/ci/gitlab/rules.h"
#include "harness/collect/ci/gitlab/tree.h"
#include "harness/collect/ci/gitlab/validation.h"

namespace exitgate::collect::ci::gitlab {
namespace {

struct Case {
  std::string what;
  std::string refusal;  // "" where it is accepted
  std::map<std::string, std::string> files;
};

std::vector<Case> read_cases(const std::string& name) {
  constexpr std::string_view kCase = "===== ";
  constexpr std::string_view kFile = "--- file: ";
  constexpr std::string_view kRefused = "refused: ";
  std::vector<Case> cases;
  std::string* file = nullptr;
  bool refusal_follows = false;
  const std::string text =
      read_file(std::string(EXITGATE_SOURCE_DIR "/tests/ci/gitlab_validation/") + name + ".txt");
  for (const std::string& line : split(text, '\n')) {
    if (line.starts_with(kCase)) {
      Case& one = cases.emplace_back();
      one.what = line.substr(kCase.size());
      refusal_follows = one.what.starts_with(kRefused);
      file = &one.files[".gitlab-ci.yml"];
    } else if (refusal_follows) {
      cases.back().refusal = line;
      refusal_follows = false;
    } else if (line.starts_with(kFile)) {
      file = &cases.back().files[line.substr(kFile.size())];
    } else if (file != nullptr) {
      *file += line + '\n';
    }
  }
  return cases;
}

Source source_of(const std::map<std::string, std::string>& files) {
  Source source;
  source.read = [&files](const std::string& path) -> std::optional<std::string> {
    const auto found = files.find(path);
    if (found == files.end()) return std::nullopt;
    return found->second;
  };
  source.find = [&files](const std::string& /*glob*/) {
    std::vector<std::string> names;
    for (const auto& [name, text] : files) names.push_back(name);
    return names;
  };
  return source;
}

// "" where it is accepted.
std::string refusal_of(const std::map<std::string, std::string>& files) {
  const Tree tree = read_tree(".gitlab-ci.yml", source_of(files), kMergeRequest);
  for (const auto& [file, reason] : tree.unreadable) return reason;
  const Refusals refusals = validate(tree);
  return refusals.empty() ? "" : refusals.front().reason;
}

void check_table(const std::string& name, std::size_t least) {
  const auto cases = read_cases(name);
  ASSERT_GE(cases.size(), least);
  for (const Case& one : cases) {
    const std::string refusal = refusal_of(one.files);
    if (one.refusal.empty()) {
      EXPECT_EQ(refusal, "") << one.what;
    } else {
      EXPECT_NE(refusal.find(one.refusal), std::string::npos) << one.what << "\n  said: " << refusal;
    }
  }
}

TEST(GitlabValidation, Keys) {
  check_table("keys", 300);
}

TEST(GitlabValidation, Includes) {
  check_table("includes", 35);
}

// Of what is included and not read, nothing is refused.
TEST(GitlabValidation, WhatMayComeFromElsewhere) {
  const std::string elsewhere = "include: {project: a/b, file: c.yml}\n";
  for (const std::string_view text : {
           "job: {extends: .there}\n",
           "job: {script: [!reference [.there, script]]}\n",
           "job: {script: x, stage: there}\n",
           "job: {script: x, needs: [there]}\n",
           "job: {script: x, dependencies: [there]}\n",
           "job: {variables: {A: b}}\n",
           "variables: {A: b}\n",
           "job: {extends: .there, when: delayed}\n",
           "job: {script: x, environment: {name: a, on_stop: there}}\n",
       }) {
    EXPECT_EQ(refusal_of({{".gitlab-ci.yml", elsewhere + std::string(text)}}), "") << text;
  }
  for (const std::string_view text : {
           "job: {extends: .there, artifact: x}\n",
           "job: {extends: .there, rules: [{if: $A}], only: [main]}\n",
           "stages: [a]\njob: {script: x, stage: there}\n",
           "job: {script: x, when: sometimes}\n",
       }) {
    EXPECT_NE(refusal_of({{".gitlab-ci.yml", elsewhere + std::string(text)}}), "") << text;
  }
}

// docs.gitlab.com/ci/yaml/includes, "Use include:local with wildcard file paths".
TEST(GitlabValidation, Wildcards) {
  struct Path {
    std::string_view pattern;
    std::string_view path;
    bool fits;
  };
  for (const Path& one : std::vector<Path>{{"ci/*.yml", "ci/a.yml", true},
                                           {"ci/*.yml", "ci/deep/a.yml", false},
                                           {"ci/**.yml", "ci/a.yml", true},
                                           {"ci/**.yml", "ci/deep/a.yml", true},
                                           {"ci/**/*.yml", "ci/a.yml", false},
                                           {"ci/**/*.yml", "ci/deep/a.yml", true},
                                           {"ci/**/*.yml", "ci/deep/er/a.yml", true},
                                           {"*.yml", "a.yml", true},
                                           {"*.yml", "ci/a.yml", false},
                                           {"ci/*/a.yml", "ci/x/a.yml", true},
                                           {"ci/*/a.yml", "ci/x/y/a.yml", false},
                                           {"ci/*.yml", "ci/a.yaml", false}}) {
    EXPECT_EQ(matches_wildcard(one.pattern, one.path), one.fits) << one.pattern << " " << one.path;
  }
}

TEST(GitlabValidation, Patterns) {
  using expression::Truth;
  struct Match {
    std::string_view pattern;
    std::string_view text;
    Truth matches;
  };
  for (const Match& one :
       std::vector<Match>{{"^merge", "merge_request_event", Truth::yes},
                          {"request$", "merge_request_event", Truth::no},
                          {"^(push|merge_request_event)$", "merge_request_event", Truth::yes},
                          {"^v\\d+\\.\\d+(-rc\\d+)?$", "v1.20-rc3", Truth::yes},
                          {"^v\\d+\\.\\d+(-rc\\d+)?$", "v1.20-rc", Truth::no},
                          {"a{2,3}b", "xaab", Truth::yes},
                          {"^a{2,3}b", "aaaab", Truth::no},
                          {"[^a-c]", "abc", Truth::no},
                          {"[\\w.-]+@x", "a.b-c@x", Truth::yes},
                          {"(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", Truth::no},
                          {"\\bfix\\b", "a fix here", Truth::yes},
                          {"\\bfix\\b", "prefix", Truth::no},
                          {"x*", "", Truth::yes},
                          {"(?P<n>a)", "a", Truth::unknown},
                          {"(?=a)", "a", Truth::unknown}}) {
    EXPECT_EQ(Pattern(one.pattern).matches(one.text), one.matches) << one.pattern << " " << one.text;
  }
  for (const std::string_view pattern : {"(?=a)", "(?<!a)b", "(a", "a)", "[a", "*a", "\\1", "a{3,2}"})
    EXPECT_FALSE(Pattern(pattern).valid()) << pattern;
  EXPECT_EQ(Pattern("MERGE", true).matches("merge_request"), Truth::yes);
}

}  // namespace
}  // namespace exitgate::collect::ci::gitlab
