#include "harness/collect/ci/forgejo/workflow_schema.h"

#include <utility>

namespace exitgate::collect::ci::forgejo {

namespace {

using namespace actions;  // NOLINT(google-build-using-namespace): shapes and the names in expressions

constexpr unsigned kOfWorkflow = kRun | kInputs | kVars;
constexpr unsigned kBeforeMatrix = kOfWorkflow | kNeeds;
constexpr unsigned kOfJob = kBeforeMatrix | kStrategy | kMatrix;
constexpr unsigned kOnRunner = kOfJob | kSecrets | kSteps | kJob | kRunner | kEnv;
constexpr unsigned kOfStep = kOnRunner | kHashFiles;

constexpr Shape kText{.what = "a string", .scalar = Scalar::text};
constexpr Shape kFilled{.what = "a string", .scalar = Scalar::filled};
constexpr Shape kAnything{.what = "a value", .anything = true};
constexpr Shape kElsewhere{.what = "a value", .elsewhere = true};
constexpr Shape kFilledTexts{.what = "a list of strings", .items = &kFilled};
constexpr Shape kOneOrMore{
    .what = "a string or a list of strings", .scalar = Scalar::filled, .items = &kFilled};

// Known, and looked at by nobody.
constexpr Shape kIgnored{.what = "a value", .anything = true, .names = kOnRunner};

constexpr Key kShellKeys[] = {{"shell", &kFilled}, {"working-directory", &kFilled}};
constexpr Shape kShell{.what = "'run'", .mapping = true, .keys = kShellKeys, .names = kOfJob | kEnv};
constexpr Key kDefaultsKeys[] = {{"run", &kShell}};
constexpr Shape kDefaults{.what = "'defaults'", .mapping = true, .keys = kDefaultsKeys};

constexpr Key kConcurrencyKeys[] = {{"group", &kFilled}, {"cancel-in-progress", &kFilled}};
constexpr Shape kConcurrency{.what = "'concurrency'",
                             .scalar = Scalar::text,
                             .mapping = true,
                             .keys = kConcurrencyKeys,
                             .names = kOfWorkflow};
constexpr Shape kJobConcurrency{.what = "'concurrency'",
                                .scalar = Scalar::filled,
                                .mapping = true,
                                .keys = kConcurrencyKeys,
                                .names = kOfJob};

constexpr Shape kRunName{.what = "a string", .scalar = Scalar::text, .names = kOfWorkflow};
constexpr Shape kBoolean{.what = "true or false", .scalar = Scalar::boolean};
constexpr Shape kEnvironment{
    .what = "'env'", .mapping = true, .others = &kText, .names = kOfWorkflow | kSecrets | kEnv};

constexpr Key kWorkflowKeys[] = {{"on", &kElsewhere},
                                 {"name", &kText},
                                 {"description", &kText},
                                 {"run-name", &kRunName},
                                 {"enable-email-notifications", &kBoolean},
                                 {"enable-openid-connect", &kBoolean},
                                 {"defaults", &kDefaults},
                                 {"env", &kEnvironment},
                                 {"permissions", &kIgnored},
                                 {"concurrency", &kConcurrency},
                                 {"jobs", &kElsewhere}};

// --- jobs ---

constexpr Shape kCondition{
    .what = "'if'", .scalar = Scalar::condition, .names = kBeforeMatrix | kSecrets | kEnv | kStatus};
constexpr Shape kJobName{.what = "a string", .scalar = Scalar::text, .names = kOfJob};
constexpr Shape kJobBoolean{.what = "true or false", .scalar = Scalar::boolean, .names = kOfJob};
constexpr Shape kVector{.what = "a list of the matrix", .items = &kAnything};
constexpr Shape kAnyMapping{.what = "a mapping", .mapping = true, .others = &kAnything};
constexpr Shape kMatrixFilters{.what = "a list of mappings", .items = &kAnyMapping};
constexpr Key kMatrixKeys[] = {{"include", &kMatrixFilters}, {"exclude", &kMatrixFilters}};
constexpr Shape kMatrixShape{.what = "'matrix'", .mapping = true, .keys = kMatrixKeys, .others = &kVector};
constexpr Shape kLoose{.what = "a value", .scalar = Scalar::text, .names = kOfStep};
constexpr Key kStrategyKeys[] = {
    {"fail-fast", &kLoose}, {"max-parallel", &kLoose}, {"matrix", &kMatrixShape}};
constexpr Shape kStrategyShape{
    .what = "'strategy'", .mapping = true, .keys = kStrategyKeys, .names = kBeforeMatrix};

constexpr Key kRunsOnKeys[] = {{"group", &kFilled}, {"labels", &kOneOrMore}};
constexpr Shape kRunsOn{.what = "'runs-on'",
                        .scalar = Scalar::filled,
                        .items = &kFilled,
                        .mapping = true,
                        .keys = kRunsOnKeys,
                        .names = kOfJob};

constexpr Shape kContainerEnvironment{.what = "'env'", .mapping = true, .others = &kText, .names = kOnRunner};
constexpr Key kCredentialKeys[] = {{"username", &kFilled}, {"password", &kFilled}};
constexpr Shape kCredentials{.what = "'credentials'",
                             .mapping = true,
                             .keys = kCredentialKeys,
                             .names = kOfWorkflow | kSecrets | kEnv};
constexpr Key kContainerKeys[] = {{"image", &kFilled},           {"options", &kFilled},
                                  {"cmd", &kFilledTexts},        {"env", &kContainerEnvironment},
                                  {"ports", &kFilledTexts},      {"volumes", &kFilledTexts},
                                  {"credentials", &kCredentials}};
constexpr Shape kContainer{.what = "'container'",
                           .scalar = Scalar::text,
                           .mapping = true,
                           .keys = kContainerKeys,
                           .names = kOfJob | kEnv};
constexpr Shape kService{.what = "a service",
                         .scalar = Scalar::filled,
                         .mapping = true,
                         .keys = kContainerKeys,
                         .names = kOfJob | kEnv};
constexpr Shape kServices{.what = "'services'", .mapping = true, .others = &kService, .names = kOfJob | kEnv};
constexpr Shape kJobEnvironment{
    .what = "'env'", .mapping = true, .others = &kText, .names = kOfJob | kSecrets};
constexpr Shape kOutput{.what = "a string", .scalar = Scalar::text, .names = kOnRunner};
constexpr Shape kOutputs{.what = "'outputs'", .mapping = true, .others = &kOutput};

constexpr Key kJobKeys[] = {{"needs", &kOneOrMore},
                            {"if", &kCondition},
                            {"strategy", &kStrategyShape},
                            {"name", &kJobName},
                            {"runs-on", &kRunsOn, true, true},
                            {"timeout-minutes", &kJobName},
                            {"cancel-timeout-minutes", &kJobName},
                            {"continue-on-error", &kJobBoolean},
                            {"container", &kContainer},
                            {"services", &kServices},
                            {"env", &kJobEnvironment},
                            {"environment", &kIgnored},
                            {"permissions", &kIgnored},
                            {"concurrency", &kJobConcurrency},
                            {"outputs", &kOutputs},
                            {"defaults", &kDefaults},
                            {"enable-openid-connect", &kBoolean},
                            {"steps", &kElsewhere}};

constexpr Shape kGiven{.what = "a string", .scalar = Scalar::text, .names = kOfJob | kEnv};
constexpr Shape kGivenInputs{.what = "'with'", .mapping = true, .others = &kGiven};
constexpr Shape kGivenSecret{.what = "a string", .scalar = Scalar::text, .names = kOfJob | kSecrets};
constexpr std::string_view kInherit[] = {"inherit"};
constexpr Shape kGivenSecrets{.what = "'secrets'",
                              .scalar = Scalar::filled,
                              .words = kInherit,
                              .mapping = true,
                              .others = &kGivenSecret};
// With `runs-on` the called workflow runs as one job of that runner.
constexpr Key kCallKeys[] = {{"name", &kJobName},          {"uses", &kFilled, true},
                             {"runs-on", &kRunsOn},        {"container", &kContainer},
                             {"with", &kGivenInputs},      {"secrets", &kGivenSecrets},
                             {"needs", &kOneOrMore},       {"if", &kCondition},
                             {"permissions", &kIgnored},   {"concurrency", &kJobConcurrency},
                             {"strategy", &kStrategyShape}};

// --- steps ---

constexpr Shape kStepCondition{.what = "'if'", .scalar = Scalar::condition, .names = kOfStep | kStatus};
constexpr Shape kStepText{.what = "a string", .scalar = Scalar::text, .names = kOfStep};
constexpr Shape kStepBoolean{.what = "true or false", .scalar = Scalar::boolean, .names = kOfStep};
constexpr Shape kStepTexts{
    .what = "a mapping", .scalar = Scalar::null, .mapping = true, .others = &kText, .names = kOfStep};

constexpr Key kRunKeys[] = {{"name", &kStepText},      {"id", &kFilled},
                            {"if", &kStepCondition},   {"timeout-minutes", &kStepText},
                            {"run", &kStepText, true}, {"continue-on-error", &kStepBoolean},
                            {"env", &kStepTexts},      {"working-directory", &kStepText},
                            {"shell", &kStepText}};
constexpr Key kUsesKeys[] = {{"name", &kStepText},
                             {"id", &kFilled},
                             {"if", &kStepCondition},
                             {"continue-on-error", &kStepBoolean},
                             {"timeout-minutes", &kStepText},
                             {"uses", &kStepText, true},
                             {"with", &kStepTexts},
                             {"env", &kStepTexts}};
constexpr Shape kRunStep{.what = "a step with 'run'", .mapping = true, .keys = kRunKeys};
constexpr Shape kUsesStep{.what = "a step with 'uses'", .mapping = true, .keys = kUsesKeys};

const Shape* step_shape(const yaml::Node& step) {
  if (step.find("run") != nullptr) return &kRunStep;
  return step.find("uses") != nullptr ? &kUsesStep : nullptr;
}

// --- events ---

constexpr std::string_view kInputTypes[] = {"string", "boolean", "number"};
constexpr Shape kInputType{.what = "a type", .scalar = Scalar::filled, .words = kInputTypes};
constexpr Shape kInputDefault{.what = "a value", .scalar = Scalar::text, .names = kOfWorkflow};
constexpr Key kInputKeys[] = {{"description", &kText},
                              {"type", &kInputType},
                              {"required", &kBoolean},
                              {"default", &kInputDefault},
                              {"deprecationMessage", &kText}};
constexpr Shape kInput{.what = "an input", .scalar = Scalar::null, .mapping = true, .keys = kInputKeys};
constexpr Shape kInputs_{.what = "'inputs'", .scalar = Scalar::null, .mapping = true, .others = &kInput};
constexpr Key kSecretKeys[] = {{"description", &kText}, {"required", &kBoolean}};
constexpr Shape kSecret{.what = "a secret", .scalar = Scalar::null, .mapping = true, .keys = kSecretKeys};
constexpr Shape kSecrets_{.what = "'secrets'", .scalar = Scalar::null, .mapping = true, .others = &kSecret};
constexpr Shape kCallOutputValue{.what = "a string", .scalar = Scalar::text, .names = kOfWorkflow | kJobs};
constexpr Key kCallOutputKeys[] = {{"description", &kText}, {"value", &kCallOutputValue}};
constexpr Shape kCallOutput{.what = "an output", .mapping = true, .keys = kCallOutputKeys};
constexpr Shape kCallOutputs{.what = "'outputs'", .mapping = true, .others = &kCallOutput};
constexpr Key kWorkflowCallKeys[] = {
    {"inputs", &kInputs_}, {"secrets", &kSecrets_}, {"outputs", &kCallOutputs}};

// Any value goes under an event; those that it does not know never come.
constexpr std::string_view kEvents[] = {"branch_protection_rule",
                                        "check_run",
                                        "check_suite",
                                        "create",
                                        "delete",
                                        "deployment",
                                        "deployment_status",
                                        "discussion",
                                        "discussion_comment",
                                        "fork",
                                        "gollum",
                                        "issue_comment",
                                        "issues",
                                        "label",
                                        "merge_group",
                                        "milestone",
                                        "page_build",
                                        "project",
                                        "project_card",
                                        "project_column",
                                        "public",
                                        "pull_request",
                                        "pull_request_comment",
                                        "pull_request_review",
                                        "pull_request_review_comment",
                                        "pull_request_target",
                                        "push",
                                        "registry_package",
                                        "release",
                                        "repository_dispatch",
                                        "schedule",
                                        "status",
                                        "watch",
                                        "workflow_call",
                                        "workflow_dispatch",
                                        "workflow_run"};

constexpr Shape kWorkflowShape{.what = "a workflow", .mapping = true, .keys = kWorkflowKeys};
constexpr Shape kJobShape{.what = "a job", .mapping = true, .keys = kJobKeys};
constexpr Shape kCallShape{.what = "a job that calls a workflow", .mapping = true, .keys = kCallKeys};
constexpr Shape kWorkflowCallShape{
    .what = "'workflow_call'", .scalar = Scalar::null, .mapping = true, .keys = kWorkflowCallKeys};
constexpr Shape kEventShape{.what = "an event", .anything = true};

// A schedule may also be "@daily" and the like, and what else a server takes is its own.
bool is_cron(std::string_view text) {
  return !text.empty();
}

constexpr WorkflowSchema schema_in(std::string_view folder) {
  return {.workflow = &kWorkflowShape,
          .job = &kJobShape,
          .call = &kCallShape,
          .workflow_call = &kWorkflowCallShape,
          .workflow_dispatch = &kEventShape,
          .schedule = &kEventShape,
          .event = &kEventShape,
          .step = step_shape,
          .is_cron = is_cron,
          .events = kEvents,
          .folder = folder};
}

}  // namespace

const WorkflowSchema& forgejo_schema() {
  static constexpr WorkflowSchema kSchema = schema_in(".forgejo/workflows/");
  return kSchema;
}

const WorkflowSchema& gitea_schema() {
  static constexpr WorkflowSchema kSchema = schema_in(".gitea/workflows/");
  return kSchema;
}

}  // namespace exitgate::collect::ci::forgejo
