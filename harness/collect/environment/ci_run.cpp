#include "harness/collect/environment/ci_run.h"

#include <fmt/core.h>

#include <charconv>
#include <filesystem>
#include <map>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/object_id.h"
#include "harness/json/json.h"

namespace exitgate::collect::environment {

namespace {

constexpr std::uintmax_t kEventBytes = 32U << 20;

class Variables {
 public:
  Variables(const std::vector<std::string>& environment, const redact::Redactor& redactor)
      : redactor_(redactor) {
    for (const auto& entry : environment) {
      if (const std::size_t equals = entry.find('='); equals != std::string::npos) {
        values_.emplace(entry.substr(0, equals), entry.substr(equals + 1));
      }
    }
  }
  bool has(const std::string& name) const { return values_.contains(name); }
  // A variable that is set to nothing says nothing.
  std::optional<std::string> get(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end() || found->second.empty()) return std::nullopt;
    const bool url = found->second.find("://") != std::string::npos;
    return redactor_.redact(url ? redact::without_credentials(found->second) : found->second);
  }
  std::optional<std::int64_t> number(const std::string& name) const {
    const auto text = get(name);
    std::int64_t value = 0;
    if (!text) return std::nullopt;
    const auto parsed = std::from_chars(text->data(), text->data() + text->size(), value);
    return parsed.ec == std::errc() && parsed.ptr == text->data() + text->size() ? std::optional(value)
                                                                                 : std::nullopt;
  }
  // As it is, for a path that is only opened.
  std::string raw(const std::string& name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? "" : found->second;
  }

 private:
  const redact::Redactor& redactor_;
  std::map<std::string, std::string> values_;
};

// event.pull_request.<side>.sha
std::optional<std::string> side_of(const Json& event, const char* side) {
  auto oid = event["pull_request"][side].text_or("sha");
  return is_object_id(oid) ? std::optional(std::move(oid)) : std::nullopt;
}

void read_event(const std::filesystem::path& path, CiRun& ci) {
  std::error_code failed;
  if (path.empty() || !std::filesystem::is_regular_file(path, failed) ||
      std::filesystem::file_size(path, failed) > kEventBytes) {
    return;
  }
  try {
    const auto event = Json::try_parse(read_file(path)).value_or(Json());
    ci.head_oid = side_of(event, "head");
    ci.base_oid = side_of(event, "base");
  } catch (const std::exception&) {
    // unknown, then
  }
}

CiRun github(const Variables& of) {
  CiRun ci{.service = "github",
           .run = of.get("GITHUB_RUN_ID"),
           .attempt = of.number("GITHUB_RUN_ATTEMPT"),
           .actor = of.get("GITHUB_TRIGGERING_ACTOR"),
           .workflow = of.get("GITHUB_WORKFLOW"),
           .job = of.get("GITHUB_JOB"),
           .event = of.get("GITHUB_EVENT_NAME"),
           .ref = of.get("GITHUB_REF"),
           .commit_oid = of.get("GITHUB_SHA"),
           .head_oid = {},
           .base_oid = {},
           .url = {},
           .repository = of.get("GITHUB_REPOSITORY")};
  if (!ci.actor) ci.actor = of.get("GITHUB_ACTOR");
  const auto server = of.get("GITHUB_SERVER_URL");
  if (server && ci.repository && ci.run) {
    ci.url = fmt::format("{}/{}/actions/runs/{}", *server, *ci.repository, *ci.run);
  }
  read_event(of.raw("GITHUB_EVENT_PATH"), ci);
  return ci;
}

CiRun gitlab(const Variables& of) {
  CiRun ci{.service = "gitlab",
           .run = of.get("CI_PIPELINE_ID"),
           .attempt = {},
           .actor = of.get("GITLAB_USER_LOGIN"),
           .workflow = of.get("CI_PIPELINE_NAME"),
           .job = of.get("CI_JOB_NAME"),
           .event = of.get("CI_PIPELINE_SOURCE"),
           .ref = of.get("CI_COMMIT_REF_NAME"),
           .commit_oid = of.get("CI_COMMIT_SHA"),
           .head_oid = of.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA"),
           .base_oid = of.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"),
           .url = of.get("CI_JOB_URL"),
           .repository = of.get("CI_PROJECT_PATH")};
  // The source branch's commit is only said when a merged result is built; else the pipeline runs for the
  // head.
  if (!ci.head_oid && of.get("CI_MERGE_REQUEST_IID")) ci.head_oid = ci.commit_oid;
  return ci;
}

CiRun jenkins(const Variables& of) {
  return {.service = "jenkins",
          .run = of.get("BUILD_NUMBER"),
          .attempt = {},
          .actor = of.get("CHANGE_AUTHOR"),
          .workflow = of.get("JOB_NAME"),
          .job = of.get("STAGE_NAME"),
          .event = of.has("CHANGE_ID") ? std::optional<std::string>("pull_request") : std::nullopt,
          .ref = of.get("GIT_BRANCH"),
          .commit_oid = of.get("GIT_COMMIT"),
          .head_oid = {},
          .base_oid = {},
          .url = of.get("BUILD_URL"),
          .repository = {}};
}

}  // namespace

std::optional<CiRun> describe_ci_run(const std::vector<std::string>& environment,
                                     const redact::Redactor& redactor) {
  const Variables of(environment, redactor);
  if (of.get("GITHUB_ACTIONS") == "true") return github(of);
  if (of.get("GITLAB_CI") == "true") return gitlab(of);
  if (of.get("JENKINS_URL")) return jenkins(of);
  const auto ci = of.get("CI");
  if (!ci || *ci == "false" || *ci == "0") return std::nullopt;
  CiRun other;
  other.service = "other";
  return other;
}

}  // namespace exitgate::collect::environment
