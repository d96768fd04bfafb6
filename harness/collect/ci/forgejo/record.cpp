#include "harness/collect/ci/forgejo/record.h"

namespace exitgate::collect::ci::forgejo {

namespace {

// Retention, conditions and inputs of artifact actions are those of GitHub Actions. Nothing can be downloaded from
// another run, and every version of an action is served that its host has. act's `strategy` context has no `job-index`.
facts::ci::Provider common() {
  using facts::ci::ProviderArtifactsBy;
  using facts::ci::ProviderConditions;
  using facts::ci::ProviderZeroDays;
  return {
      .name = "",
      .title = "",
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
      .workspace = "[]",
      .checkout_token = "actions/checkout leaves the run's token in .git/config",
      .upload_subject = "the step",
      .condition_key = "if",
      .condition_default = "success()",
      .always_hint = "write `if: always()`",
      .ignore_key = "continue-on-error",
      .missing_files_hint = "write `if-no-files-found: error` under `with:`",
      .upload_hint = "",
      .bundle_hint =
          "let the job that tests end with a step that has `if: always()` and uploads `name: {name}` with "
          "`retention-days: {days}` and `if-no-files-found: error`",
      .run_id = "",
      .pull_request_hint =
          "write `on: pull_request` in the workflow that runs the tests, and see that no `if:` rules "
          "its jobs out",
      .unreadable_hint = "",
      .invalid_hint = "",
      .own_actions = R"(["actions", "forgejo"])",
      // act runs `bash --noprofile --norc -e -o pipefail {0}`, in a container without bash `sh -e {0}`.
      .pipefail = true,
  };
}

}  // namespace

const facts::ci::Provider& forgejo_record() {
  static const facts::ci::Provider record = [] {
    facts::ci::Provider row = common();
    row.name = "forgejo";
    row.title = "Forgejo";
    row.workspace = R"(["${{ forgejo.workspace }}","${{ forge.workspace }}","${{ github.workspace }}",)"
                    R"("${{forgejo.workspace}}","${{github.workspace}}","$FORGEJO_WORKSPACE",)"
                    R"("${FORGEJO_WORKSPACE}","$GITHUB_WORKSPACE","${GITHUB_WORKSPACE}"])";
    row.upload_hint = "upload it by forgejo/upload-artifact in the workflow itself";
    row.run_id = "${{ forgejo.run_id }}";
    row.job_part = "${{ forgejo.job }}";
    row.unreadable_hint =
        "Forgejo runs nothing of a file that it cannot read, and says so only in the Actions tab: "
        "fix it, or delete it";
    row.invalid_hint = "Forgejo runs no job of it, and says so only in the Actions tab: fix it, or delete it";
    row.action_host = "https://data.forgejo.org/";
    return row;
  }();
  return record;
}

const facts::ci::Provider& gitea_record() {
  static const facts::ci::Provider record = [] {
    facts::ci::Provider row = common();
    row.name = "gitea";
    row.title = "Gitea";
    row.workspace = R"(["${{ gitea.workspace }}","${{ github.workspace }}","${{gitea.workspace}}",)"
                    R"("${{github.workspace}}","$GITEA_WORKSPACE","${GITEA_WORKSPACE}",)"
                    R"("$GITHUB_WORKSPACE","${GITHUB_WORKSPACE}"])";
    row.upload_hint = "upload it by actions/upload-artifact@v3 in the workflow itself";
    row.run_id = "${{ gitea.run_id }}";
    row.job_part = "${{ gitea.job }}";
    row.unreadable_hint =
        "Gitea runs nothing of a file that it cannot read, and says so only in its log: fix it, or delete it";
    row.invalid_hint = "Gitea runs no job of it: fix it, or delete it";
    row.action_host = "https://github.com/";
    return row;
  }();
  return record;
}

}  // namespace exitgate::collect::ci::forgejo
