#include "harness/config/keys.h"

#include <array>

namespace exitgate::config {

namespace {

using namespace shapes;

constexpr std::array kConfigurationKeys = {
    Key{"base", "what a change is compared with: a branch or a commit, as origin/main", kText},
    Key{"database", "how an empty database becomes the schema; `none` where there is no database",
        R"({"anyOf": [{"const": "none"}, {"$ref": "#/$defs/database"}]})"},
    Key{"accept-partial", "whether a run that is only partly evaluated exits with 0 (default: false)",
        kBoolean},
    Key{"tests", "the tests: how they are run, and where their logs and reports are",
        R"({"$ref": "#/$defs/tests"})"},
    Key{"evidence", "documents that are evidence", R"({"$ref": "#/$defs/evidence"})"},
    Key{"bundle", "files that every archive of a whole run must hold", kTexts},
    Key{"parameters", "parameters of gates, by the gate's name: {EG-CG1.retention: {min-days: 90}}",
        R"({"$ref": "#/$defs/gate-parameters"})"},
    Key{"labels", "further labels of gates, by the gate's name: {EG-CG1.retention: [audit]}",
        R"({"$ref": "#/$defs/gate-labels"})"},
    Key{"profile",
        "which of the gates that come with Exitgate are evaluated: minimal, evidence, strict, database",
        kText},
    Key{"include", "gates of others: files, folders, git commits, OCI artifacts", kIncludes},
    Key{"gates", "exit gates of your own, each in the form of a gate file",
        R"({"type": "array", "items": {"$ref": "#/$defs/gate-file"}})"},
    Key{"waivers", "findings that are accepted for a while",
        R"({"type": "array", "items": {"$ref": "#/$defs/waiver"}})"},
};

constexpr std::array kDatabaseKeys = {
    Key{"roles", "roles that are created in the embedded server before anything else",
        R"({"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/role"}]}})"},
    Key{"owner", "the role that owns the database and runs the steps (default: exitgate, not a superuser)",
        kText},
    Key{"application", "the roles that the application connects as, or one of them",
        R"({"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/texts"}]})"},
    Key{"prepare", "SQL that the server's administrator runs in the new database, before the steps", kTexts},
    Key{"environment",
        "environment variables of the steps; {url} {host} {port} {socket} {database} {user} {password} are "
        "filled in",
        R"({"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}})"},
    Key{"directory", "where the steps run, relative to the repository's root (default: the root)",
        R"({"$ref": "#/$defs/directory"})"},
    Key{"steps", "the commands that make the schema in an empty database, run by /bin/sh -e",
        R"({"allOf": [{"$ref": "#/$defs/steps"}], "minItems": 1})", true},
    Key{"down", "the commands that take the schema back to nothing", kSteps},
    Key{"timeout", "seconds for all steps together (default: 300)", kSeconds},
    Key{"state", "the query by which the database says which revisions it is at", kText},
    Key{"schema-file", "the schema as the repository keeps it, as db/structure.sql", kText},
    Key{"stairway",
        "whether each revision is taken up, down and up again (default: false); or the commands for it",
        R"({"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/stairway"}]})"},
    Key{"version", "major version of the embedded server (default: the live server's, else the newest)",
        R"({"type": "integer", "minimum": 12, "maximum": 18})"},
    Key{"server", "the folder of the server's programs, an absolute path (default: it is looked for)",
        R"({"type": "string", "pattern": "^/"})"},
    Key{"download", "from where the server may be fetched when it is not installed", R"({"const": "npm"})"},
    Key{"rehearsal", "whether the upgrade from the base commit is rehearsed (default: true); or how",
        R"({"anyOf": [{"type": "boolean"}, {"$ref": "#/$defs/rehearsal"}]})"},
    Key{"models", "commands that compare the models with the migrated database; each must exit with 0",
        kSteps},
    Key{"network", "whether steps, models and tests may use the network (default: false)", kBoolean},
    Key{"memory", "MB of memory that the processes of one command may take together (default: 4096)", kRoom},
    Key{"disk", "MB of disk that the processes of one command may fill (default: 8192)", kRoom},
};

constexpr std::array kRoleKeys = {
    Key{"name", "the role's name", kText, true},
    Key{"login", "whether it may log in (default: false)", kBoolean},
    Key{"superuser", "whether it is a superuser (default: false)", kBoolean},
    Key{"createdb", "whether it may create databases (default: false)", kBoolean},
    Key{"createrole", "whether it may create roles (default: false)", kBoolean},
    Key{"bypassrls", "whether row-level security does not hold for it (default: false)", kBoolean},
    Key{"member-of", "roles that it is a member of", kTexts},
};

constexpr std::array kStepKeys = {
    Key{"run", "the command", kText, true},
    Key{"directory", "where it runs, relative to the repository's root", R"({"$ref": "#/$defs/directory"})"},
    Key{"timeout", "seconds that it may take", kSeconds},
};

constexpr std::array kStairwayKeys = {
    Key{"up", "the command up to a {revision}", kText, true},
    Key{"down", "the command down to its {parent}", kText, true},
    Key{"base", "the command down from a revision without a parent", kText, true},
};

constexpr std::array kRehearsalKeys = {
    Key{"seed", "commands that put rows into the base's tables (default: rows are generated)", kSteps},
};

constexpr std::array kTestsKeys = {
    Key{"logs", "files of the commit or of the work tree that must be in the bundle", kTexts},
    Key{"run", "the commands that run the tests, on a migrated database", kSteps},
    Key{"reports", "globs of the JUnit or CTRF files that they write", kTexts},
    Key{"compatibility",
        "whether the base's tests are run on the new schema, and the new ones on the base's (default: false)",
        kBoolean},
    Key{"coverage", "globs of the coverage reports that they write", kTexts},
    Key{"brought", "test and coverage reports that were made elsewhere, in CI for example", kReports},
    Key{"base", "reports of the commit that this one is compared with", kReports},
};

constexpr std::array kReportKeys = {
    Key{"path", "a glob, relative to the repository's root or absolute", kText, true},
    Key{"commit", "the commit that the report is of", kText},
    Key{"step", "what made it, as \"ci.yml: test\"", kText},
};

constexpr std::array kEvidenceKeys = {
    Key{"documents", "files that must be tracked at the commit", kTexts},
};

constexpr std::array kIncludeKeys = {
    Key{"path", "a gate file or a folder of them, relative to the file that names it", kText},
    Key{"git", "URL of a git repository; needs `commit`", kText},
    Key{"commit", "the full id of the commit of `git`",
        R"({"type": "string", "pattern": "^([0-9a-f]{40}|[0-9a-f]{64})$"})"},
    Key{"oci", "a suite in a registry, as HOST/NAME@sha256:DIGEST",
        R"({"type": "string", "pattern": "@sha256:[0-9a-f]{64}$"})"},
    Key{"only", "the gates that are asked: names, globs over names, or labels (default: all)", kTexts},
    Key{"except", "the gates that are left out: names, globs over names, or labels", kTexts},
    Key{"commands", "whether its gates may run programs and query the database (default: false)", kBoolean},
};

constexpr std::array kWaiverKeys = {
    Key{"gate", "the gate's name, as EG-CG1.retention", kText, true},
    Key{"finding", "the finding's id, or a glob over its key, file or id", kText, true},
    Key{"reason", "why it is accepted", kText, true},
    Key{"expires", "the last day on which it is accepted, as 2027-01-31",
        R"({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"})", true},
};

}  // namespace

const Mapping kConfiguration{"configuration", "exitgate.yaml", kConfigurationKeys};
const Mapping kDatabase{"database", "database", kDatabaseKeys};
const Mapping kRole{"role", "a role", kRoleKeys};
const Mapping kStep{"step", "a step", kStepKeys};
const Mapping kStairway{"stairway", "a stairway", kStairwayKeys};
const Mapping kRehearsal{"rehearsal", "a rehearsal", kRehearsalKeys};
const Mapping kTests{"tests", "tests", kTestsKeys};
const Mapping kReport{"report", "a report", kReportKeys};
const Mapping kEvidence{"evidence", "evidence", kEvidenceKeys};
const Mapping kInclude{"include", "an include", kIncludeKeys};
const Mapping kWaiver{"waiver", "a waiver", kWaiverKeys};

std::vector<const Mapping*> configuration_mappings() {
  return {&kConfiguration, &kDatabase, &kRole,     &kStep,    &kStairway, &kRehearsal,
          &kTests,         &kReport,   &kEvidence, &kInclude, &kWaiver};
}

}  // namespace exitgate::config
