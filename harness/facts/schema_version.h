// Which form of the fact tables a store has. Each store carries the number as SQLite's own `PRAGMA user_version`, so that
// whoever opens a store months later can tell what it may hold.
//
// Raise it by hand, once for each release that changes a declaration in harness/facts/tables so that an older store
// cannot answer what is asked now: a new table or column, a value added to a closed set, another meaning of an old one.
// Add a line below. Nothing is ever converted: an older store is read as it is, and where a query asks for what it does
// not have, that is a SchemaMismatch, of which `exitgate verify --replay` says "not replayed" rather than a verdict.
//
//   1  stores without a number, up to 2026-11-26: columns without a fixed type, no sets of values checked
//   2  STRICT tables and closed sets; ci.provider, migrations.tool and migrations.tool_command, and what the facts say
//      of CI providers and migration tools in columns
//   3  ci.command; ci.include; the tables of a run in ci; ci.job.default_shell, ci.provider.pipefail; ci.concurrency;
//     ci.provider.job_part, matrix_part and ignore_key; ci.artifact_instance.pattern;
//     ci.service.database; ci.provider.head_hint and own_actions;
//     migrations.environment.state and what else tells where a database is; migrations.tool_object; drop-unique-index,
//     set-unlogged and restart-sequence in migrations.statement.kind; code.environment_read.given_by and sets;
//     schema.restored, schema.hidden, schema.server_object, schema.plan.owner and owner_declared, schema.work, schema.server;
//     code.schema_call.library, instead and in_tests;
//     the domain rehearsal; schema.model_check, test_run, test_change and sandbox; migrations.merged_change and tool.models;
//     the domains asked, commands, answers and tests; code.framework, known_framework, test_file, 'worker' in fixture.scope, hook.moment and environment_read.reader;
//     ci.workflow.raw, ci.job.timeout_minutes, concurrency and raw, ci.step.timeout_minutes and raw
#pragma once

#include <string>

#include "harness/base/error.h"

namespace exitgate::facts {

constexpr int kSchemaVersion = 3;

// The facts are of another version of the schema, and lack (or have otherwise) what is asked of them.
class SchemaMismatch : public Undecided {
 public:
  // `what` goes on from "its facts are of schema version 1, ": "which has no schema.plan.down".
  SchemaMismatch(int version, const std::string& what)
      : Undecided("its facts are of schema version " + std::to_string(version) + ", " + what,
                  "collect the facts again, or use the version of exitgate that collected them") {}
};

}  // namespace exitgate::facts
