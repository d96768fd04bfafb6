#include "harness/collect/ci/gitlab/record.h"

#include "harness/collect/ci/gitlab/provider.h"

namespace exitgate::collect::ci::gitlab {

const facts::ci::Provider& record() {
  using facts::ci::ProviderArtifactsBy;
  using facts::ci::ProviderConditions;
  using facts::ci::ProviderZeroDays;
  static const facts::ci::Provider record{
      .name = std::string(kName),
      .title = "GitLab",
      // A pipeline fails with its jobs: nothing has to sum them up.
      .skipped_job_passes = false,
      .artifact_actions = false,
      .artifacts_by = ProviderArtifactsBy::job,
      .conditions = ProviderConditions::keyword,
      .zero_days = ProviderZeroDays::deleted,
      .retention_forever = "never",
      .retention_key = "expire_in",
      .retention_unit = "",
      .retention_hint = "write `expire_in: {days} days` under `artifacts:`",
      .path_key = "paths",
      .path_hint = "name the folder that the evidence is in: `paths: [build/evidence/]`",
      .workspace = R"(["$CI_PROJECT_DIR","${CI_PROJECT_DIR}"])",
      .checkout_token = "the runner leaves the job's token in .git/config",
      .upload_subject = "`artifacts:`",
      .condition_key = "when",
      .condition_default = "on_success",
      .always_hint = "write `when: always` under `artifacts:`",
      .ignore_key = "allow_failure",
      .upload_hint = "write it under `artifacts:` of a job that this one needs",
      .bundle_hint =
          "give the job that tests `artifacts: {name: \"{name}\", when: always, expire_in: {days} days, "
          "paths: [evidence/]}`",
      .run_id = "$CI_PIPELINE_ID",
      .pull_request_hint =
          "write `rules: [{if: $CI_PIPELINE_SOURCE == \"merge_request_event\"}]` in the job that "
          "runs the tests, and in each job that it needs",
      .unreadable_hint = "GitLab makes no pipeline while a part of the configuration cannot be read: fix it",
      .invalid_hint = "GitLab makes no pipeline while a part of the configuration cannot be read: fix it",
      .pipefail = true,
  };
  return record;
}

}  // namespace exitgate::collect::ci::gitlab
