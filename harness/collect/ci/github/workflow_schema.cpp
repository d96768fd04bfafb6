#include "harness/collect/ci/github/workflow_schema.h"

#include "harness/collect/ci/github/cron.h"
#include "harness/collect/ci/github/provider.h"

namespace exitgate::collect::ci::github {

namespace {

using namespace actions;  // NOLINT(google-build-using-namespace): shapes and the names in expressions

constexpr unsigned kOfWorkflow = kRun | kInputs | kVars;
constexpr unsigned kBeforeMatrix = kOfWorkflow | kNeeds;
constexpr unsigned kOfJob = kBeforeMatrix | kStrategy | kMatrix;
constexpr unsigned kOnRunner = kOfJob | kSecrets | kSteps | kJob | kRunner | kEnv;
constexpr unsigned kOfStep = kOnRunner | kHashFiles;

constexpr Shape kText{.what = "a string", .scalar = Scalar::text};
constexpr Shape kFilled{.what = "a string", .scalar = Scalar::filled};
constexpr Shape kBoolean{.what = "true or false", .scalar = Scalar::boolean};
constexpr Shape kNumber{.what = "a number", .scalar = Scalar::number};
constexpr Shape kAnything{.what = "a value", .anything = true};
constexpr Shape kElsewhere{.what = "a value", .elsewhere = true};
constexpr Shape kFilledTexts{.what = "a list of strings", .items = &kFilled};
constexpr Shape kOneOrMore{
    .what = "a string or a list of strings", .scalar = Scalar::filled, .items = &kFilled};

constexpr Key kShellKeys[] = {{"shell", &kFilled}, {"working-directory", &kFilled}};
constexpr Shape kShell{.what = "'run'", .mapping = true, .keys = kShellKeys};
constexpr Key kDefaultsKeys[] = {{"run", &kShell}};
constexpr Shape kDefaults{.what = "'defaults'", .mapping = true, .keys = kDefaultsKeys};
constexpr Shape kJobShell{.what = "'run'", .mapping = true, .keys = kShellKeys, .names = kOfJob | kEnv};
constexpr Key kJobDefaultsKeys[] = {{"run", &kJobShell}};
constexpr Shape kJobDefaults{.what = "'defaults'", .mapping = true, .keys = kJobDefaultsKeys};

// Of a permission that is not among these it is a problem of its place: which there are changes often, and so do the
// levels of a single one.
constexpr std::string_view kLevels[] = {"read", "write", "none"};
constexpr std::string_view kAllLevels[] = {"read-all", "write-all"};
constexpr Shape kLevel{.what = "a permission", .scalar = Scalar::filled, .words = kLevels};
constexpr Key kPermissionKeys[] = {{"actions", &kLevel},
                                   {"artifact-metadata", &kLevel},
                                   {"attestations", &kLevel},
                                   {"checks", &kLevel},
                                   {"code-quality", &kLevel},
                                   {"contents", &kLevel},
                                   {"copilot-requests", &kLevel},
                                   {"deployments", &kLevel},
                                   {"discussions", &kLevel},
                                   {"drives", &kLevel},
                                   {"id-token", &kLevel},
                                   {"issues", &kLevel},
                                   {"models", &kLevel},
                                   {"packages", &kLevel},
                                   {"pages", &kLevel},
                                   {"pull-requests", &kLevel},
                                   {"repository-projects", &kLevel},
                                   {"security-events", &kLevel},
                                   {"statuses", &kLevel},
                                   {"vulnerability-alerts", &kLevel}};
constexpr Shape kPermissions{.what = "'permissions'",
                             .scalar = Scalar::filled,
                             .words = kAllLevels,
                             .mapping = true,
                             .keys = kPermissionKeys};

constexpr Key kConcurrencyKeys[] = {
    {"group", &kFilled, true}, {"cancel-in-progress", &kBoolean}, {"queue", &kFilled}};
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
constexpr Shape kEnvironment{
    .what = "'env'", .mapping = true, .others = &kText, .names = kOfWorkflow | kSecrets};

constexpr Key kWorkflowKeys[] = {{"on", &kElsewhere},
                                 {"name", &kText},
                                 {"description", &kText},
                                 {"run-name", &kRunName},
                                 {"defaults", &kDefaults},
                                 {"env", &kEnvironment},
                                 {"permissions", &kPermissions},
                                 {"concurrency", &kConcurrency},
                                 {"jobs", &kElsewhere}};

// --- jobs ---

constexpr Shape kCondition{.what = "'if'", .scalar = Scalar::condition, .names = kBeforeMatrix | kStatus};
constexpr Shape kJobName{.what = "a string", .scalar = Scalar::text, .names = kOfJob};
constexpr Shape kJobNumber{.what = "a number", .scalar = Scalar::number, .names = kOfJob};
constexpr Shape kJobBoolean{.what = "true or false", .scalar = Scalar::boolean, .names = kOfJob};

constexpr Shape kAnyMapping{.what = "a mapping", .mapping = true, .others = &kAnything};
constexpr Shape kMatrixFilters{.what = "a list of mappings", .items = &kAnyMapping};
constexpr Shape kVector{.what = "a list of the matrix", .items = &kAnything, .filled_list = true};
constexpr Key kMatrixKeys[] = {{"include", &kMatrixFilters}, {"exclude", &kMatrixFilters}};
constexpr Shape kMatrixShape{.what = "'matrix'", .mapping = true, .keys = kMatrixKeys, .others = &kVector};
constexpr Key kStrategyKeys[] = {
    {"fail-fast", &kBoolean}, {"max-parallel", &kNumber}, {"matrix", &kMatrixShape}};
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
constexpr Key kContainerKeys[] = {{"image", &kFilled, true},       {"options", &kText},
                                  {"env", &kContainerEnvironment}, {"ports", &kFilledTexts},
                                  {"volumes", &kFilledTexts},      {"credentials", &kCredentials}};
constexpr Shape kContainer{
    .what = "'container'", .scalar = Scalar::text, .mapping = true, .keys = kContainerKeys, .names = kOfJob};
constexpr Key kServiceKeys[] = {{"image", &kFilled, true},       {"options", &kText},
                                {"env", &kContainerEnvironment}, {"ports", &kFilledTexts},
                                {"volumes", &kFilledTexts},      {"credentials", &kCredentials},
                                {"entrypoint", &kText},          {"command", &kText}};
constexpr Shape kService{
    .what = "a service", .scalar = Scalar::filled, .mapping = true, .keys = kServiceKeys, .names = kOfJob};
constexpr Shape kServices{.what = "'services'", .mapping = true, .others = &kService, .names = kOfJob};

constexpr Shape kJobEnvironment{
    .what = "'env'", .mapping = true, .others = &kText, .names = kOfJob | kSecrets};
constexpr Shape kDeploymentUrl{
    .what = "a string", .scalar = Scalar::text, .names = kOnRunner & ~unsigned{kSecrets}};
constexpr Key kDeploymentKeys[] = {
    {"name", &kText, true}, {"url", &kDeploymentUrl}, {"deployment", &kBoolean}};
constexpr Shape kDeployment{.what = "'environment'",
                            .scalar = Scalar::text,
                            .mapping = true,
                            .keys = kDeploymentKeys,
                            .names = kOfJob};
constexpr Shape kOutput{.what = "a string", .scalar = Scalar::text, .names = kOnRunner};
constexpr Shape kOutputs{.what = "'outputs'", .mapping = true, .others = &kOutput};
// GitHub's two published schemas differ here: this is the wider one.
constexpr Shape kSnapshotCondition{
    .what = "'if'", .scalar = Scalar::condition, .names = (kOfStep & ~unsigned{kSecrets}) | kStatus};
constexpr Key kSnapshotKeys[] = {
    {"image-name", &kFilled, true}, {"if", &kSnapshotCondition}, {"version", &kFilled}};
constexpr Shape kSnapshot{
    .what = "'snapshot'", .scalar = Scalar::filled, .mapping = true, .keys = kSnapshotKeys, .names = kOfJob};

constexpr Key kJobKeys[] = {{"needs", &kOneOrMore},
                            {"if", &kCondition},
                            {"strategy", &kStrategyShape},
                            {"name", &kJobName},
                            {"runs-on", &kRunsOn, true, true},
                            {"timeout-minutes", &kJobNumber},
                            {"cancel-timeout-minutes", &kJobNumber},
                            {"continue-on-error", &kJobBoolean},
                            {"container", &kContainer},
                            {"services", &kServices},
                            {"env", &kJobEnvironment},
                            {"environment", &kDeployment},
                            {"permissions", &kPermissions},
                            {"concurrency", &kJobConcurrency},
                            {"outputs", &kOutputs},
                            {"defaults", &kJobDefaults},
                            {"steps", &kElsewhere},
                            {"snapshot", &kSnapshot}};

constexpr Shape kGiven{.what = "a string", .scalar = Scalar::text, .names = kOfJob};
constexpr Shape kGivenInputs{.what = "'with'", .mapping = true, .others = &kGiven};
constexpr Shape kGivenSecret{.what = "a string", .scalar = Scalar::text, .names = kOfJob | kSecrets};
constexpr std::string_view kInherit[] = {"inherit"};
constexpr Shape kGivenSecrets{.what = "'secrets'",
                              .scalar = Scalar::filled,
                              .words = kInherit,
                              .mapping = true,
                              .others = &kGivenSecret};
constexpr Key kCallKeys[] = {{"name", &kJobName},
                             {"uses", &kFilled, true},
                             {"with", &kGivenInputs},
                             {"secrets", &kGivenSecrets},
                             {"needs", &kOneOrMore},
                             {"if", &kCondition},
                             {"permissions", &kPermissions},
                             {"concurrency", &kJobConcurrency},
                             {"strategy", &kStrategyShape}};

// --- steps ---

constexpr Shape kStepCondition{
    .what = "'if'", .scalar = Scalar::condition, .names = (kOfStep & ~unsigned{kSecrets}) | kStatus};
constexpr Shape kStepText{.what = "a string", .scalar = Scalar::text, .names = kOfStep};
constexpr Shape kStepBoolean{.what = "true or false", .scalar = Scalar::boolean, .names = kOfStep};
constexpr Shape kStepNumber{.what = "a number", .scalar = Scalar::number, .names = kOfStep};
constexpr Shape kStepTexts{.what = "a mapping", .mapping = true, .others = &kText, .names = kOfStep};
// GitHub's published schema gives it no contexts, GitHub itself takes expressions here.
constexpr Shape kStepShell{.what = "a string", .scalar = Scalar::filled, .names = kOfStep};
constexpr Shape kWaitAll{.what = "true, or nothing", .scalar = Scalar::text};

constexpr Key kRunKeys[] = {{"name", &kStepText},      {"id", &kFilled},
                            {"if", &kStepCondition},   {"timeout-minutes", &kStepNumber},
                            {"run", &kStepText, true}, {"continue-on-error", &kStepBoolean},
                            {"env", &kStepTexts},      {"working-directory", &kStepText},
                            {"shell", &kStepShell},    {"background", &kBoolean}};
constexpr Key kUsesKeys[] = {{"name", &kStepText},
                             {"id", &kFilled},
                             {"if", &kStepCondition},
                             {"continue-on-error", &kStepBoolean},
                             {"timeout-minutes", &kStepNumber},
                             {"uses", &kFilled, true},
                             {"with", &kStepTexts},
                             {"env", &kStepTexts},
                             {"background", &kBoolean}};
constexpr Key kWaitKeys[] = {
    {"name", &kStepText}, {"id", &kFilled}, {"continue-on-error", &kStepBoolean}, {"wait", &kOneOrMore}};
constexpr Key kWaitAllKeys[] = {
    {"name", &kStepText}, {"id", &kFilled}, {"continue-on-error", &kStepBoolean}, {"wait-all", &kWaitAll}};
constexpr Key kCancelKeys[] = {
    {"name", &kStepText}, {"id", &kFilled}, {"continue-on-error", &kStepBoolean}, {"cancel", &kFilled}};
constexpr Key kParallelKeys[] = {{"parallel", &kElsewhere}};

constexpr Shape kRunStep{.what = "a step with 'run'", .mapping = true, .keys = kRunKeys};
constexpr Shape kUsesStep{.what = "a step with 'uses'", .mapping = true, .keys = kUsesKeys};
constexpr Shape kWaitStep{.what = "a step with 'wait'", .mapping = true, .keys = kWaitKeys};
constexpr Shape kWaitAllStep{.what = "a step with 'wait-all'", .mapping = true, .keys = kWaitAllKeys};
constexpr Shape kCancelStep{.what = "a step with 'cancel'", .mapping = true, .keys = kCancelKeys};
constexpr Shape kParallelStep{.what = "a step with 'parallel'", .mapping = true, .keys = kParallelKeys};

// --- events ---

constexpr std::string_view kInputTypes[] = {"string", "boolean", "number"};
constexpr Shape kInputType{.what = "a type", .scalar = Scalar::filled, .words = kInputTypes};
constexpr Shape kInputDefault{.what = "a value", .scalar = Scalar::text, .names = kOfWorkflow};
constexpr Key kInputKeys[] = {{"description", &kText},
                              {"type", &kInputType, true},
                              {"required", &kBoolean},
                              {"default", &kInputDefault}};
constexpr Shape kInput{.what = "an input", .mapping = true, .keys = kInputKeys};
constexpr Shape kInputsShape{.what = "'inputs'", .mapping = true, .others = &kInput};
constexpr Key kSecretKeys[] = {{"description", &kText}, {"required", &kBoolean}};
constexpr Shape kSecret{.what = "a secret", .scalar = Scalar::null, .mapping = true, .keys = kSecretKeys};
constexpr Shape kSecretsShape{.what = "'secrets'", .mapping = true, .others = &kSecret};
constexpr Shape kCallOutputValue{.what = "a string", .scalar = Scalar::text, .names = kOfWorkflow | kJobs};
constexpr Key kCallOutputKeys[] = {{"description", &kText}, {"value", &kCallOutputValue, true}};
constexpr Shape kCallOutput{.what = "an output", .mapping = true, .keys = kCallOutputKeys};
constexpr Shape kCallOutputs{.what = "'outputs'", .mapping = true, .others = &kCallOutput};
constexpr Key kWorkflowCallKeys[] = {
    {"inputs", &kInputsShape}, {"secrets", &kSecretsShape}, {"outputs", &kCallOutputs}};

constexpr Key kEventKeys[] = {{"types", &kAnything},           {"branches", &kAnything},
                              {"branches-ignore", &kAnything}, {"tags", &kAnything},
                              {"tags-ignore", &kAnything},     {"paths", &kAnything},
                              {"paths-ignore", &kAnything},    {"workflows", &kAnything},
                              {"names", &kAnything},           {"versions", &kAnything}};
constexpr Key kCronKeys[] = {{"cron", &kFilled, true}, {"timezone", &kFilled}};
constexpr Shape kCron{.what = "an entry of 'schedule'", .mapping = true, .keys = kCronKeys};

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
                                        "image_version",
                                        "issue_comment",
                                        "issues",
                                        "label",
                                        "member",
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
// GitHub takes any key under it, and any input.
constexpr Shape kWorkflowDispatchShape{.what = "'workflow_dispatch'", .anything = true};
constexpr Shape kScheduleShape{.what = "'schedule'", .items = &kCron};
constexpr Shape kEventShape{.what = "an event", .scalar = Scalar::null, .mapping = true, .keys = kEventKeys};

const Shape* step_shape(const yaml::Node& step) {
  constexpr std::pair<std::string_view, const Shape*> kShapes[] = {
      {"run", &kRunStep},          {"uses", &kUsesStep},     {"wait", &kWaitStep},
      {"wait-all", &kWaitAllStep}, {"cancel", &kCancelStep}, {"parallel", &kParallelStep}};
  for (const auto& entry : step.entries) {
    for (const auto& [key, shape] : kShapes) {
      if (entry.key.text == key) return shape;
    }
  }
  return nullptr;
}

constexpr WorkflowSchema kSchema{.workflow = &kWorkflowShape,
                                 .job = &kJobShape,
                                 .call = &kCallShape,
                                 .workflow_call = &kWorkflowCallShape,
                                 .workflow_dispatch = &kWorkflowDispatchShape,
                                 .schedule = &kScheduleShape,
                                 .event = &kEventShape,
                                 .step = step_shape,
                                 .is_cron = is_cron,
                                 .events = kEvents,
                                 .folder = kWorkflows,
                                 .longest_id = 99,
                                 .reserved_ids = true,
                                 .unique_step_ids = true,
                                 .exclusive_filters = true,
                                 .longest_template = 21'000};

}  // namespace

const WorkflowSchema& workflow_schema() {
  return kSchema;
}

}  // namespace exitgate::collect::ci::github
