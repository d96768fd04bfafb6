// An upload that its action refuses, or that takes nothing each time.

#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class ArtifactUploadWorks : public CheckTable {};
TEST_P(ArtifactUploadWorks, SaysExactly) {
  holds();
}

const std::string kCi = ".github/workflows/ci.yml";
const std::string kPullRequest = workflow(kCi, "CI", "pull_request") + job(kCi, "test");

std::string path(const std::string& path, const std::string& if_no_files_found = "error",
                 int hidden_files = 0) {
  return kPullRequest + artifact({.file = kCi,
                                  .name = "logs",
                                  .if_no_files_found = if_no_files_found,
                                  .path = path,
                                  .hidden_files = hidden_files});
}
std::string named(const std::string& name) {
  return kPullRequest + artifact({.file = kCi, .name = name});
}

// The name that it has in a run of a pull request; "" where only its pattern is known.
std::string instance(const std::string& pattern, const std::string& name = "NULL") {
  return fmt::format(
      "INSERT INTO ci.artifact_instance (step, instance, direction, file, line, name, name_pattern, "
      "overwrite, "
      "deletes_merged, other_run) "
      "VALUES ((SELECT count(*) FROM ci.artifact_instance), 1, 'upload', {}, 20, {}, {}, 'no', 'no', 0);",
      quoted(kCi), or_null(name), quoted(pattern));
}
// The job of that run.
const std::string kRun =
    "INSERT INTO ci.job_instance (id, root, event, file, job, line, complete, runs, failure_ignored) VALUES "
    "(1, '.github/workflows/ci.yml', 'pull_request', '.github/workflows/ci.yml', 'test', 6, 1, 'yes', 'no');";
// What the step gives to the action.
std::string inputs(const std::string& json, const std::string& uses = "actions/upload-artifact@v4") {
  return fmt::format(
      "INSERT INTO ci.step (file, job, position, line, uses, inputs, on_pull_request) VALUES ({}, 'test', 4, "
      "19, {}, {}, "
      "'yes');",
      quoted(kCi), quoted(uses), quoted(json));
}

const std::vector<CheckCase> kCases = {
    {"AFolder", "artifact-upload-works", "{}", path("build/evidence/"), "1 examined\n"},
    {"HiddenFile", "artifact-upload-works", "{}", path(".coverage"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes nothing, for `.coverage`: '.coverage' begins with a dot, and hidden files are left out since v4.4; the step fails each time
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"HiddenFileWithAWarning", "artifact-upload-works", "{}", path("**/.coverage", "NULL"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes nothing, for `**/.coverage`: '.coverage' begins with a dot, and hidden files are left out since v4.4; nothing is uploaded
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"HiddenFileAskedFor", "artifact-upload-works", "{}", path(".coverage", "error", 1), "1 examined\n"},
    {"HiddenFileAmongOthers", "artifact-upload-works", "{}",
     path("junit.xml\n${{ matrix.dir }}/.coverage\n# note\n"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' never takes `${{ matrix.dir }}/.coverage`: '.coverage' begins with a dot, and hidden files are left out since v4.4
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"HiddenFolder", "artifact-upload-works", "{}", path(".reports/"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes nothing, for `.reports/`: '.reports' begins with a dot, and hidden files are left out since v4.4; the step fails each time
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"SearchedHiddenFolder", "artifact-upload-works", "{}", path("./.reports/*.xml"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes nothing, for `./.reports/*.xml`: the folder '.reports' begins with a dot, and hidden folders are left out since v4.4; the step fails each time
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"FileInAHiddenFolder", "artifact-upload-works", "{}",
     path(".reports/junit.xml\n.reports/html/\n~/.cache/log/**"), "1 examined\n"},
    {"FileInAHiddenFolderOfASearchedOne", "artifact-upload-works", "{}", path("*.log\n.reports/junit.xml"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' never takes `.reports/junit.xml`: the folder '.reports' begins with a dot, and hidden folders are left out since v4.4
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"HiddenForAllThatIsKnown", "artifact-upload-works", "{}",
     path("${{ env.FILE }}\n.${{ env.FILE }}\n.reports/${{ matrix.name }}.xml\n${{ steps.a.outputs.dirs "
          "}}/.coverage\n"
          "!**/.cache/**"),
     "1 examined\n"},
    {"ParentFolder", "artifact-upload-works", "{}", path("build/\n${{ github.workspace }}/../out"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' has `path: ${{ github.workspace }}/../out`, and the action refuses '.' and '..' within a path: the step fails each time
  > name the place from the workspace, or from `${{ runner.temp }}` or `~`
)"},
    {"DotsThatAreNoParts", "artifact-upload-works", "{}", path("./build/a..b/..."), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes nothing, for `./build/a..b/...`: '...' begins with a dot, and hidden files are left out since v4.4; the step fails each time
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"Variable", "artifact-upload-works", "{}", path("$HOME/logs\nsrc/Outer$Inner.class"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' never takes `$HOME/logs`: no shell reads `path:`, and so `$HOME` is the name of a folder
  > write an expression: `${{ github.workspace }}`, `${{ runner.temp }}`, `${{ env.NAME }}`; `~` is the home
)"},
    {"VariableOfTheWorkspace", "artifact-upload-works", "{}", path("${GITHUB_WORKSPACE}/out", "warn"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes nothing, for `${GITHUB_WORKSPACE}/out`: no shell reads `path:`, and so `${GITHUB_WORKSPACE}` is the name of a folder; nothing is uploaded
  > write an expression: `${{ github.workspace }}`, `${{ runner.temp }}`, `${{ env.NAME }}`; `~` is the home
)"},
    {"OnlyExclusions", "artifact-upload-works", "{}", path("!build/tmp\n# build/"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' has a `path:` of which no line includes anything: it takes nothing; the step fails each time
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"NoPath", "artifact-upload-works", "{}", path("NULL") + inputs("{}"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' has no `path:`: the step fails each time
  > name the folder that the evidence is in: `path: build/evidence/`
)"},
    {"NoPathOfAWrapper", "artifact-upload-works", "{}",
     path("NULL") + inputs("{}", "wandalen/wretry.action@v3"), "1 examined\n"},
    {"NoPathOfAMerge", "artifact-upload-works", "{}",
     path("NULL") + "UPDATE ci.artifact SET action = 'actions/upload-artifact/merge';" +
         inputs("{}", "actions/upload-artifact/merge@v4"),
     "1 examined\n"},
    {"PagesPackTheirFolderThemselves", "artifact-upload-works", "{}",
     path("../site") + "UPDATE ci.artifact SET action = 'actions/upload-pages-artifact';" +
         inputs("{}", "actions/upload-pages-artifact@v3"),
     "1 examined\n"},
    {"Colon", "artifact-upload-works", "{}", named("evidence: ${{ matrix.os }}"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'evidence: ${{ matrix.os }}' holds ':', which an artifact's name may not: the step fails each time
  > write `-` instead
)"},
    {"NameOfAFile", "artifact-upload-works", "{}",
     named("a:b") + inputs(R"({"archive":"false","name":"a:b"})"), "1 examined\n"},
    {"Repository", "artifact-upload-works", "{}", named("logs-${{ github.repository }}"), R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs-${{ github.repository }}' always holds '/', which an artifact's name may not: the step fails each time
  > replace it in the name, or leave the part out: `github.run_id`, `github.sha` and a pull request's number hold none
)"},
    {"BranchOfThePullRequest", "artifact-upload-works", "{}",
     named("logs-${{ github.head_ref || github.ref_name }}"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs-${{ github.head_ref || github.ref_name }}' holds a branch's name, and an artifact's may not hold '/': the step fails for each branch like feature/x or dependabot/x
  > replace it in the name, or leave the part out: `github.run_id`, `github.sha` and a pull request's number hold none
)"},
    {"RefOfAPullRequest", "artifact-upload-works", "{}",
     named("logs-${{ github.ref_name }}") + instance("logs-*") +
         "UPDATE ci.artifact_instance SET name_key = 'logs-${{ github.ref_name }}';" + kRun,
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs-${{ github.ref_name }}' becomes 'logs-*/merge', and an artifact's name may not hold '/': the step fails on each pull request
  > replace it in the name, or leave the part out: `github.run_id`, `github.sha` and a pull request's number hold none
)"},
    {"RefOfTheBaseBranch", "artifact-upload-works", "{}",
     named("logs-${{ github.ref_name }}") + instance("logs-*") +
         "UPDATE ci.artifact_instance SET name_key = 'logs-${{ github.ref_name }}';" + kRun +
         "UPDATE ci.job_instance SET event = 'pull_request_target';",
     "1 examined\n"},
    {"BranchInAVariable", "artifact-upload-works", "{}",
     named("logs-${{ env.BRANCH }}") + instance("logs-*") +
         "UPDATE ci.artifact_instance SET name_key = 'logs-${{ github.head_ref }}';",
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs-${{ env.BRANCH }}' holds a branch's name, and an artifact's may not hold '/': the step fails for each branch like feature/x or dependabot/x
  > replace it in the name, or leave the part out: `github.run_id`, `github.sha` and a pull request's number hold none
)"},
    {"PathInAVariable", "artifact-upload-works", "{}",
     path("${{ env.OUT }}") + instance("logs", "logs") + "UPDATE ci.artifact_instance SET path = '.out/';",
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs' takes nothing, for `.out/`: '.out' begins with a dot, and hidden files are left out since v4.4; the step fails each time
  > write `include-hidden-files: true` under `with:` if nothing in it is secret, or let the evidence have a name without the dot
)"},
    {"ValueOfAMatrix", "artifact-upload-works", "{}",
     named("logs-${{ matrix.target }}") + instance("logs-linux/amd64", "logs-linux/amd64") +
         instance("logs-windows", "logs-windows"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: 'logs-${{ matrix.target }}' becomes 'logs-linux/amd64', and an artifact's name may not hold '/': the step fails there
  > replace it in the name, or leave the part out: `github.run_id`, `github.sha` and a pull request's number hold none
)"},
    {"NamesWithoutAnything", "artifact-upload-works", "{}",
     named("logs-${{ github.sha }}-${{ github.run_attempt }}") + instance("logs-*-*"), "1 examined\n"},
    {"NotABoolean", "artifact-upload-works", "{}",
     path("out/") + inputs(R"({"Overwrite":"yes","path":"out/"})"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: `overwrite: yes` of 'logs' is neither true nor false: the step fails each time
  > write `overwrite: true`, or leave it out
)"},
    {"BooleansThatAreAccepted", "artifact-upload-works", "{}",
     path("out/") + inputs(R"({"overwrite":"True","include-hidden-files":"${{ inputs.all }}"})"),
     "1 examined\n"},
    {"UnknownOutcomeOfNoFiles", "artifact-upload-works", "{}",
     path("out/") + inputs(R"({"if-no-files-found":"fail"})"),
     R"(1 examined
FAIL .github/workflows/ci.yml:20: `if-no-files-found: fail` of 'logs' is none of error, warn and ignore: the step fails each time
  > write `if-no-files-found: error`
)"},
    {"AKeyOfTheJob", "artifact-upload-works", "{}",
     path("../out/") + "UPDATE ci.workflow SET provider = 'gitlab';",
     R"(0 examined
skip: no step uploads an artifact by an action
)"},
    {"Nothing", "artifact-upload-works", "{}", kPullRequest, R"(0 examined
skip: no step uploads an artifact by an action
)"},
    {"Unreadable", "artifact-upload-works", "{}", unreadable(".github/workflows/broken.yml", "line 3: a tab"),
     R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(All, ArtifactUploadWorks, ::testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace exitgate::testing
