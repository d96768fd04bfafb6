#include "harness/collect/ci/github/record.h"

#include "harness/collect/ci/github/provider.h"

namespace exitgate::collect::ci::github {

const facts::ci::Provider& record() {
  using facts::ci::ProviderArtifactsBy;
  using facts::ci::ProviderConditions;
  using facts::ci::ProviderZeroDays;
  static const facts::ci::Provider record{
      .name = std::string(kName),
      .title = "GitHub",
      .skipped_job_passes = true,
      .artifact_actions = true,
      .artifacts_by = ProviderArtifactsBy::name,
      .conditions = ProviderConditions::expression,
      .zero_days = ProviderZeroDays::settings,
      .retention_key = "retention-days",
      .retention_unit = " days",
      .retention_hint = "write `retention-days: {days}` under `with:`",
      .path_key = "path",
      .path_hint = "name the folder that the evidence is in: `path: build/evidence/`",
      .workspace = R"(["${{ github.workspace }}","${{github.workspace}}","$GITHUB_WORKSPACE",)"
                   R"("${GITHUB_WORKSPACE}"])",
      .checkout_token = "actions/checkout leaves the run's token in .git/config",
      .upload_subject = "the step",
      .condition_key = "if",
      .condition_default = "success()",
      .always_hint = "write `if: always()`",
      .ignore_key = "continue-on-error",
      .missing_files_hint = "write `if-no-files-found: error` under `with:`",
      .upload_hint = "upload it by actions/upload-artifact in the workflow itself",
      .other_run_hint = "give `run-id:` and `github-token:`",
      .bundle_hint =
          "let the job that tests end with a step that has `if: always()` and uploads `name: {name}` "
          "with `retention-days: {days}` and `if-no-files-found: error`",
      .run_id = "${{ github.run_id }}",
      .job_part = "${{ github.job }}",
      .matrix_part = "${{ strategy.job-index }}",
      .pull_request_hint =
          "write `on: pull_request` in the workflow that runs the tests, and see that no `if:` "
          "rules its jobs out",
      .unreadable_hint =
          "GitHub runs nothing of a file that it cannot read, and says so only in the Actions tab: "
          "fix it, or delete it",
      .invalid_hint = "GitHub runs no job of it, and says so only in the Actions tab: fix it, or delete it",
      .head_hint = "with `actions/checkout`, `ref: ${{ github.event.pull_request.head.sha }}`",
      .own_actions = R"(["actions", "github"])",
      .action_host = "https://github.com/",
      .refused_versions = "github.com has refused versions before v{version} since 2025-01-30",
  };
  return record;
}

}  // namespace exitgate::collect::ci::github
