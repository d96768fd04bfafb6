#include "harness/collect/environment/variables.h"

#include <unistd.h>

#include <algorithm>
#include <string_view>

namespace exitgate::collect::environment {

namespace {

constexpr std::size_t kLongest = 1000;  // bytes of a value

// clang-format off
constexpr std::string_view kNames[] = {
    // how programs behave
    "CI", "LANG", "LANGUAGE", "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME", "TZ",
    "PYTHONHASHSEED", "PYTHONPATH", "SOURCE_DATE_EPOCH", "VIRTUAL_ENV",
    // GitHub Actions
    "GITHUB_ACTIONS", "GITHUB_ACTOR", "GITHUB_ACTOR_ID", "GITHUB_BASE_REF", "GITHUB_EVENT_NAME", "GITHUB_HEAD_REF",
    "GITHUB_JOB", "GITHUB_REF", "GITHUB_REF_NAME", "GITHUB_REF_PROTECTED", "GITHUB_REF_TYPE", "GITHUB_REPOSITORY",
    "GITHUB_REPOSITORY_ID", "GITHUB_REPOSITORY_OWNER", "GITHUB_RUN_ATTEMPT", "GITHUB_RUN_ID", "GITHUB_RUN_NUMBER",
    "GITHUB_SERVER_URL", "GITHUB_SHA", "GITHUB_TRIGGERING_ACTOR", "GITHUB_WORKFLOW", "GITHUB_WORKFLOW_REF",
    "GITHUB_WORKFLOW_SHA", "ImageOS", "ImageVersion", "RUNNER_ARCH", "RUNNER_ENVIRONMENT", "RUNNER_NAME", "RUNNER_OS",
    // GitLab CI
    "GITLAB_CI", "GITLAB_USER_LOGIN", "CI_COMMIT_BRANCH", "CI_COMMIT_REF_NAME", "CI_COMMIT_REF_PROTECTED",
    "CI_COMMIT_SHA", "CI_COMMIT_TAG", "CI_DEFAULT_BRANCH", "CI_JOB_ID", "CI_JOB_IMAGE", "CI_JOB_NAME", "CI_JOB_STAGE",
    "CI_JOB_URL", "CI_MERGE_REQUEST_IID", "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA", "CI_PIPELINE_ID", "CI_PIPELINE_IID",
    "CI_PIPELINE_SOURCE", "CI_PIPELINE_URL", "CI_PROJECT_PATH", "CI_PROJECT_URL", "CI_RUNNER_DESCRIPTION",
    "CI_RUNNER_EXECUTABLE_ARCH", "CI_RUNNER_ID", "CI_RUNNER_VERSION", "CI_SERVER_URL", "CI_SERVER_VERSION",
    // Jenkins, Buildkite, CircleCI, Azure Pipelines
    "BUILD_NUMBER", "BUILD_URL", "JENKINS_URL", "JOB_NAME", "CHANGE_ID", "CHANGE_TARGET", "GIT_BRANCH", "GIT_COMMIT",
    "BUILDKITE", "BUILDKITE_BRANCH", "BUILDKITE_BUILD_NUMBER", "BUILDKITE_BUILD_URL", "BUILDKITE_COMMIT",
    "BUILDKITE_PULL_REQUEST", "CIRCLECI", "CIRCLE_BRANCH", "CIRCLE_BUILD_NUM", "CIRCLE_BUILD_URL", "CIRCLE_SHA1",
    "TF_BUILD", "BUILD_BUILDID", "BUILD_REASON", "BUILD_SOURCEBRANCH", "BUILD_SOURCEVERSION",
};
// clang-format on

}  // namespace

std::vector<std::pair<std::string, std::string>> described_variables(
    const std::vector<std::string>& environment, const redact::Redactor& redactor) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos) continue;
    const std::string_view name = std::string_view(entry).substr(0, equals);
    if (std::find(std::begin(kNames), std::end(kNames), name) == std::end(kNames)) continue;
    std::string value = entry.substr(equals + 1);
    // A name on the list may still hold a URL with a token in it.
    if (value.find("://") != std::string::npos) value = redact::without_credentials(value);
    value = redactor.redact(value);
    if (value.size() > kLongest) value = value.substr(0, kLongest) + "…";
    found.emplace_back(name, std::move(value));
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> process_environment() {
  std::vector<std::string> entries;
  for (char** entry = ::environ; *entry != nullptr; ++entry) entries.emplace_back(*entry);
  return entries;
}

}  // namespace exitgate::collect::environment
