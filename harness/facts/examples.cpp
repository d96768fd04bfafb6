#include "harness/facts/examples.h"

#include <algorithm>
#include <iterator>

namespace exitgate::facts {

namespace {

struct Example {
  std::string_view domain;
  std::string_view table;
  std::string_view row;
};

// Most are rows of a run on tests/samples/service; tests/facts/examples_test.cpp inserts each into its declared table.
// clang-format off
constexpr Example kExamples[] = {
    {"answers", "query", R"row({"gate": "EG-ACME1.no-test-customers", "file": "exitgate.yaml", "line": 41, "of": "migrated", "query": "SELECT id, mail FROM customers WHERE mail LIKE '%@example.com'", "state": "answered", "columns": "[\"id\",\"mail\"]", "found": 1, "examined": 12})row"},
    {"answers", "answer", R"row({"gate": "EG-ACME1.no-test-customers", "position": 1, "data": "{\"id\":\"7\",\"mail\":\"test@example.com\"}"})row"},
    {"answers", "problem", R"row({"gate": "EG-ACME1.no-test-customers", "reason": "the database could not be provisioned"})row"},
    {"asked", "request", R"row({"gate": "EG-ACME1.no-print", "example": 0, "kind": "text", "question": "{\"pattern\":\"\\\\bprint\\\\(\",\"files\":\"*.py\",\"in\":\"code\"}", "examined": 14, "found": 1})row"},
    {"asked", "match", R"row({"gate": "EG-ACME1.no-print", "example": 0, "file": "app/orders.py", "line": 23, "position": 5, "text": "print(", "context": "code", "captures": "{}"})row"},
    {"asked", "path", R"row({"gate": "EG-ACME1.license", "example": 0, "file": "LICENSE", "mode": "100644", "size": 11357, "owners": "[\"@acme/legal\"]", "owners_file": ".github/CODEOWNERS:3", "equal": 0, "difference": "line 190: 'Copyright 2025' in place of 'Copyright 2026'"})row"},
    {"asked", "value", R"row({"gate": "EG-ACME1.no-latest", "example": 0, "file": "package.json", "document": 0, "path": "/dependencies/react", "line": 12, "type": "string", "value": "latest"})row"},
    {"asked", "problem", R"row({"gate": "EG-ACME1.no-print", "example": 0, "file": "app/legacy.py", "reason": "it is larger than 32 MB"})row"},
    {"bundle", "file", R"row({"path": "schema/migrated.sql", "bytes": 6991})row"},
    {"bundle", "secret", R"row({"path": "logs/migration.log", "line": 12, "kind": "password in a URL"})row"},
    {"census", "search", R"row({"name": "a search for jobs (ci.job)", "fact": "ci.job", "command": "git grep -nE '^  [a-z_-]+:' $C -- .github/workflows", "hits": 3})row"},
    {"census", "hit", R"row({"search": "a search for jobs (ci.job)", "fact": "ci.job", "file": ".github/workflows/ci.yml", "line": 12, "first": 12, "last": 12, "text": "lint:"})row"},
    {"census", "tally", R"row({"fact": "migrations.head", "condition": "{\"id\":\"0005\"}", "rows": 1, "file": "migrations/versions/0002_orders.py", "line": 14, "method": "that no down_revision names it"})row"},
    {"ci", "workflow", R"row({"file": ".github/workflows/release.yml", "name": "Release", "provider": "github", "refused": 0, "raw": "{\"name\":\"Release\",\"on\":{\"push\":{\"tags\":[\"v*\"]}}}"})row"},
    {"ci", "action_file", R"row({"file": ".github/actions/setup/action.yml", "name": "Set up", "kind": "composite", "provider": "github"})row"},
    {"ci", "trigger", R"row({"file": ".github/workflows/ci.yml", "line": 4, "event": "pull_request", "filters": "{}"})row"},
    {"ci", "job", R"row({"file": ".github/workflows/ci.yml", "id": "gate", "line": 66, "condition": "always()", "on_pull_request": "yes", "runs_on": "\"ubuntu-24.04\"", "permissions": "{\"contents\":\"read\"}", "timeout_minutes": "15", "concurrency": "{\"group\":\"deploy\"}", "raw": "{\"runs-on\":\"ubuntu-24.04\",\"if\":\"always()\",\"needs\":[\"lint\",\"t"})row"},
    {"ci", "concurrency", R"row({"file": ".github/workflows/ci.yml", "job": "", "line": 8, "group_name": "ci-${{ github.ref }}", "cancel_in_progress": "true"})row"},
    {"ci", "include", R"row({"file": ".gitlab-ci.yml", "line": 2, "included": "ci/test.yml", "kind": "part"})row"},
    {"ci", "need", R"row({"file": ".github/workflows/ci.yml", "job": "test", "needs": "lint"})row"},
    {"ci", "service", R"row({"file": ".github/workflows/ci.yml", "job": "test", "name": "postgres", "image": "postgres:15", "line": 25, "database": "postgresql"})row"},
    {"ci", "step", R"row({"file": ".github/workflows/ci.yml", "job": "test", "position": 2, "line": 40, "name": "Install", "run": "pip install -r requirements.txt", "on_pull_request": "yes", "raw": "{\"name\":\"Install\",\"run\":\"pip install -r requirements.txt\"}"})row"},
    {"ci", "command", R"row({"file": ".github/workflows/ci.yml", "job": "test", "position": 3, "number": 3, "line": 47, "written": "alembic current", "command": "alembic current", "kind": "other", "tool": "alembic"})row"},
    {"ci", "action_use", R"row({"file": ".github/workflows/ci.yml", "line": 15, "job": "lint", "position": 0, "action": "actions/checkout", "ref": "11bd71901bbe5b1630ceea73d27597364c9af683", "pin": "sha"})row"},
    {"ci", "artifact", R"row({"file": ".github/workflows/ci.yml", "line": 59, "job": "test", "position": 6, "direction": "upload", "action": "actions/upload-artifact", "ref": "ea165f8d65b6e75b540449e92b4886f43607fa02", "pin": "sha", "name": "evidence-bundle-${{ github.run_id }}", "path": "build/evidence/", "retention": "90", "retention_days": 90, "if_no_files_found": "error", "condition": "always()", "on_pull_request": "yes", "way": "[{\"file\":\".github/workflows/ci.yml\",\"job\":\"test\",\"line\":59}]", "name_pattern": "evidence-bundle-*", "other_run": 0, "collides": 0, "second_upload": "fails", "hidden_files": 0})row"},
    {"ci", "artifact_match", R"row({"file": ".github/workflows/release.yml", "line": 27, "upload_file": ".github/workflows/release.yml", "upload_line": 16})row"},
    {"ci", "job_instance", R"row({"id": 1, "root": ".github/workflows/ci.yml", "event": "pull_request", "file": ".github/workflows/ci.yml", "job": "lint", "line": 12, "complete": 1, "runs": "yes", "failure_ignored": "no"})row"},
    {"ci", "step_instance", R"row({"id": 1, "instance": 1, "position": 0, "file": ".github/workflows/ci.yml", "job": "lint", "step": 0, "line": 15, "runs": "yes", "failure_ignored": "no"})row"},
    {"ci", "artifact_instance", R"row({"step": 10, "instance": 2, "direction": "upload", "file": ".github/workflows/ci.yml", "line": 59, "name_key": "evidence-bundle-${{ github.run_id }}", "name_pattern": "evidence-bundle-*", "only_if": "(status_needs__lint == 'success')", "deletes_merged": "no", "other_run": 0, "path": "build/evidence/", "retention": "90", "retention_days": 90, "overwrite": "no", "second_upload": "fails"})row"},
    {"ci", "step_outcome", R"row({"step": 10, "scenario": "failure", "cause": 4, "runs": "yes"})row"},
    {"ci", "job_outcome", R"row({"instance": 2, "needs": "lint", "result": "failure", "runs": "no", "reports": "skipped", "line": 21, "because": "it has no `if:`"})row"},
    {"ci", "problem", R"row({"file": ".github/workflows/nightly.yml", "line": 4, "reason": "unknown key 'job' in the workflow"})row"},
    {"ci", "provider", R"row({"name": "github", "title": "GitHub", "skipped_job_passes": 1, "artifact_actions": 1, "artifacts_by": "name", "conditions": "expression", "zero_days": "settings", "retention_key": "retention-days", "retention_unit": " days", "retention_hint": "write `retention-days: {days}` under `with:`", "path_key": "path", "path_hint": "name the folder that the evidence is in: `path: build/evidence/`", "workspace": "[\"${{ github.workspace }}\",\"$GITHUB_WORKSPACE\"]", "checkout_token": "actions/checkout leaves the run's token in .git/config", "upload_subject": "the step", "condition_key": "if", "condition_default": "success()", "always_hint": "write `if: always()`", "ignore_key": "continue-on-error", "missing_files_hint": "write `if-no-files-found: error` under `with:`", "upload_hint": "upload it by actions/upload-artifact in the workflow itself", "other_run_hint": "give `run-id:` and `github-token:`", "bundle_hint": "let the job that tests end with a step that has `if: …", "run_id": "${{ github.run_id }}", "job_part": "${{ github.job }}", "matrix_part": "${{ strategy.job-index }}", "pull_request_hint": "write `on: pull_request` in the workflow that runs the …", "unreadable_hint": "GitHub runs nothing of a file that it cannot read, and says …", "invalid_hint": "GitHub runs no job of it, and says so only in the Actions …", "head_hint": "with `actions/checkout`, `ref: ${{ …", "own_actions": "[\"actions\", \"github\"]", "action_host": "https://github.com/", "pipefail": 0, "refused_versions": "github.com has refused versions before v{version} since …"})row"},
    {"code", "file", R"row({"file": "app/db.py", "language": "python", "parsed": 1})row"},
    {"code", "framework", R"row({"name": "pytest", "language": "python", "file": "tests/test_orders.py", "line": 1, "evidence": "test"})row"},
    {"code", "known_framework", R"row({"name": "pytest", "language": "python", "session_start": "pytest_sessionstart", "start_hint": "write `def pytest_sessionstart(session):` there", "session_end": "pytest_sessionfinish", "end_hint": "write `def pytest_sessionfinish(session, exitstatus):` there", "session_fixture": "scope=\"session\"", "fixture_hint": "write `@pytest.fixture(scope=\"session\")` above the fixture …", "place": "conftest.py", "run_by": "[]"})row"},
    {"code", "test_file", R"row({"file": "tests/test_orders.py", "language": "python", "framework": "pytest"})row"},
    {"code", "fixture", R"row({"file": "tests/test_orders.py", "line": 7, "name": "tea", "function": "tea", "scope": "function", "framework": "pytest"})row"},
    {"code", "hook", R"row({"file": "tests/conftest.py", "line": 25, "name": "pytest_sessionfinish", "framework": "pytest", "moment": "session-end"})row"},
    {"code", "schema_call", R"row({"file": "app/db.py", "line": 31, "callee": "Base.metadata.create_all", "kind": "create_all", "in_tests": 0})row"},
    {"code", "environment_read", R"row({"file": "app/config.py", "line": 7, "variable": "DATABASE_URL", "required": 1, "imported_by": "tests/conftest.py", "sets": 0})row"},
    {"code", "mention", R"row({"file": "README.md", "line": 8, "term": "alembic upgrade", "context": "document", "text": "alembic upgrade head"})row"},
    {"code", "problem", R"row({"file": "scripts/old.py", "language": "python", "reason": "it is not Python 3: line 4"})row"},
    {"commands", "run", R"row({"gate": "EG-ACME1.licenses", "file": "exitgate.yaml", "line": 33, "command": "reuse lint", "directory": "", "network": 0, "exit_code": 1, "outcome": "exit code 1", "completed": 1, "milliseconds": 840, "log": "logs/gates/EG-ACME1.licenses.log", "bytes": 412, "cut": 0})row"},
    {"commands", "line", R"row({"gate": "EG-ACME1.licenses", "position": 1, "stream": "output", "text": "app/orders.py: no license", "captures": "{\"file\":\"app/orders.py\"}"})row"},
    {"commands", "sandbox", R"row({"gate": "EG-ACME1.licenses", "contained": "network", "how": "a network namespace of its own"})row"},
    {"commands", "problem", R"row({"file": "scripts/a.sh", "reason": "blob 78981922613b2afb6025042ff6bd878ac1994e85 is missing in the clone"})row"},
    {"environment", "tool", R"row({"name": "git", "version": "2.39.5", "path": "/usr/bin/git", "sha256": "2540879925a6881e3877ff7e3330746ba3027b04edf16a3a12dccd1644c4f32d"})row"},
    {"environment", "clock", R"row({"read_at": "2026-11-27T20:35:11Z", "synchronized": 1})row"},
    {"environment", "machine", R"row({"name": "kernel", "value": "Linux 6.1.0"})row"},
    {"environment", "variable", R"row({"name": "LANG", "value": "C.UTF-8"})row"},
    {"environment", "ci_run", R"row({"service": "github", "run": "9876543210", "attempt": 1, "actor": "octocat", "workflow": "CI", "job": "test", "event": "pull_request", "ref": "refs/pull/7/merge", "commit_oid": "4de9f7fec7dad0738eba735b5eedaf93713de6f7", "url": "https://github.com/acme/orders/actions/runs/9876543210", "repository": "acme/orders", "commit_known": 1})row"},
    {"environment", "package", R"row({"manager": "dpkg", "name": "libpq5", "version": "15.18-0+deb12u1"})row"},
    {"environment", "part", R"row({"name": "environment", "path": "environment/tools.txt", "bytes": 1444, "sha256": "3170ec7a156c6b2674b4ac160f1d90061554f771f6d2037540a1d4eb5aebb527"})row"},
    {"migrations", "tool", R"row({"name": "alembic", "deep": 1, "state": "SELECT version_num FROM alembic_version", "state_is_implicit": 1, "up": "alembic upgrade head", "down": "alembic downgrade base", "step": "alembic downgrade -1", "list": "alembic heads && alembic history", "up_part": "upgrade()", "down_part": "downgrade()", "create_first": "alembic revision -m \"...\"", "join_heads": "join them: `alembic merge heads -m \"merge\"`", "state_lists_all": 0, "models": "alembic check"})row"},
    {"migrations", "tool_command", R"row({"tool": "goose", "pattern": "goose up"})row"},
    {"migrations", "tool_object", R"row({"tool": "flyway", "kind": "table", "name": "flyway_schema_history"})row"},
    {"migrations", "environment", R"row({"id": "alembic.ini", "tool": "alembic", "config": "alembic.ini", "location": "migrations", "version_table": "alembic_version", "state": "SELECT version_num FROM alembic_version"})row"},
    {"migrations", "revision", R"row({"environment": "alembic.ini", "id": "0002", "file": "migrations/versions/0002_orders.py", "line": 13, "title": "Orders and their lines", "new": 0, "version": "0002", "repeatable": 0})row"},
    {"migrations", "edge", R"row({"environment": "alembic.ini", "id": "0002", "parent": "0001", "kind": "down"})row"},
    {"migrations", "head", R"row({"environment": "alembic.ini", "id": "0005"})row"},
    {"migrations", "base", R"row({"environment": "alembic.ini", "id": "0001"})row"},
    {"migrations", "comparison", R"row({"reference": "v1.0", "oid": "4de9f7fec7dad0738eba735b5eedaf93713de6f7", "merge_base": "4de9f7fec7dad0738eba735b5eedaf93713de6f7"})row"},
    {"migrations", "statement", R"row({"environment": "alembic.ini", "revision": "0006", "file": "migrations/versions/0006_drop_notes.py", "line": 17, "kind": "drop-column", "object": "orders.notes", "text": "op.drop_column('orders', 'notes')", "harmless": 0, "new": 1})row"},
    {"migrations", "merged_change", R"row({"environment": "alembic.ini", "revision": "0002", "kind": "changed", "file": "migrations/versions/0002_orders.py", "line": 21, "before": "sa.Column('total', sa.Integer())", "after": "sa.Column('total', sa.BigInteger())", "harmless": 0})row"},
    {"migrations", "driver", R"row({"file": "requirements.txt", "line": 2, "name": "psycopg2-binary"})row"},
    {"migrations", "problem", R"row({"environment": "alembic.ini", "file": "migrations/versions/0004_views.py", "line": 9, "reason": "its revision is not a literal"})row"},
    {"rehearsal", "upgrade", R"row({"outcome": "applied", "base": "4de9f7fec7dad0738eba735b5eedaf93713de6f7", "reference": "v1.0", "revisions": 1, "seed": "generated", "traffic": 1, "duration_ms": 2532})row"},
    {"rehearsal", "step", R"row({"position": 0, "phase": "base", "command": "alembic upgrade head", "exit_code": 0, "outcome": "ok", "duration_ms": 1900})row"},
    {"rehearsal", "filled", R"row({"relation": "public.orders", "rows": 3})row"},
    {"rehearsal", "statement", R"row({"position": 1, "phase": "upgrade", "revision": "0005", "file": "migrations/versions/0005_service_role.py", "line": 17, "command": "GRANT", "text": "GRANT SELECT ON open_orders TO orders_app", "transactional": 1, "duration_us": 127, "outcome": "ok", "lock_timeout_ms": 0, "statement_timeout_ms": 0})row"},
    {"rehearsal", "lock", R"row({"statement": 2, "relation": "public.orders", "kind": "table", "mode": "AccessExclusiveLock", "blocks": "reads and writes", "of_base": 1, "held_us": 75975})row"},
    {"rehearsal", "pass", R"row({"statement": 2, "relation": "public.orders", "kind": "rewrite", "reason": "the type of a column changes", "of_base": 1})row"},
    {"rehearsal", "loss", R"row({"phase": "upgrade", "kind": "values", "relation": "public.orders", "name": "notes", "count": 3, "total": 3, "detail": "NULL in place of a text"})row"},
    {"rehearsal", "difference", R"row({"change": "removed", "kind": "column", "identity": "public.orders.notes", "before": "text"})row"},
    {"rehearsal", "traffic", R"row({"session": "reader", "relation": "public.orders", "transactions": 501, "longest_wait_us": 77718})row"},
    {"rehearsal", "problem", R"row({"subject": "traffic", "reason": "the reader could not connect: the server has no free connection"})row"},
    {"repo", "checkout", R"row({"oid": "d2b9498470b496d2e1c052ab3818aa2dfca15c03", "tree": "3eb3482c9a3e9ae5623cf863979d4d336e914b77", "branch": "main", "committed_at": "2026-06-16T15:10:00Z", "subject": "Let the service work under a role of its own", "dirty": 0, "shallow": 0, "head": "d2b9498470b496d2e1c052ab3818aa2dfca15c03"})row"},
    {"repo", "file", R"row({"path": "tests/conftest.py", "mode": "100644", "oid": "4ac11972314b8cf3ab35454667c0cdbd64f242c2", "size": 1354})row"},
    {"repo", "change", R"row({"status": "M", "path": "app/orders.py"})row"},
    {"repo", "index_flag", R"row({"path": "app/config.py", "flag": "assume-unchanged", "differs": 1})row"},
    {"repo", "excluded", R"row({"path": "notes.txt", "source": "info/exclude"})row"},
    {"repo", "remote", R"row({"name": "origin", "url": "https://github.com/acme/orders.git", "contains_commit": 1})row"},
    {"repo", "reference", R"row({"name": "refs/heads/main", "oid": "d2b9498470b496d2e1c052ab3818aa2dfca15c03", "at_commit": 1})row"},
    {"repo", "signature", R"row({"kind": "ssh", "status": "good", "signer": "dev@acme.example", "key": "SHA256:2xJ0m3mZfYb1o0vG4yq3"})row"},
    {"repo", "problem", R"row({"path": "assets/logo.png", "oid": "a0dc7b571f86ad0fc414cf0cf0010168c078a82b", "reason": "its blob is not in this clone"})row"},
    {"schema", "plan", R"row({"source": "exitgate.yaml", "reason": "exitgate.yaml says how the database is provisioned", "schema_file": "db/schema.sql", "down": 1, "stairway": 1, "owner": "orders", "owner_declared": 1})row"},
    {"schema", "server", R"row({"version": "15.18", "folder": "/usr/lib/postgresql/15/bin", "origin": "installed", "reason": "the newest one"})row"},
    {"schema", "provisioning", R"row({"snapshot": "migrated", "position": 0, "command": "alembic upgrade head", "exit_code": 0, "outcome": "ok", "duration_ms": 2010})row"},
    {"schema", "round_trip", R"row({"direction": "up", "position": 0, "command": "alembic upgrade head", "exit_code": 0, "outcome": "ok", "duration_ms": 2364})row"},
    {"schema", "round_trip_difference", R"row({"direction": "down", "change": "added", "kind": "type", "identity": "public.order_status", "after": "enum ('open', 'paid')"})row"},
    {"schema", "stairway", R"row({"position": 1, "revision": "0002", "file": "migrations/versions/0002_orders.py", "line": 13, "step": "up again", "command": "alembic upgrade 0002", "outcome": "ok"})row"},
    {"schema", "stairway_difference", R"row({"revision": "0004", "step": "down", "change": "added", "kind": "view", "identity": "public.open_orders", "after": "SELECT id FROM orders"})row"},
    {"schema", "left_out", R"row({"path": "assets/model.bin", "reason": "its blob is not in this clone"})row"},
    {"schema", "snapshot", R"row({"name": "migrated", "database": "exitgate", "server_version": "15.18 (Debian 15.18-0+deb12u1)", "fingerprint": "cbfd56598aef0418cff481edb890d23710e6c8ad3d7380f46240983621e6ad0f", "structure": "be508a5a663b3b2608cfb37084beefbd54757a7bb9a7fe87886c02d1cd7c4f87", "taken_at": "2026-11-27T20:35:14Z"})row"},
    {"schema", "object", R"row({"snapshot": "migrated", "kind": "column", "namespace": "public", "name": "sku", "identity": "public.products.sku", "definition": "text NOT NULL", "sha256": "728c20cb6abbffd6f37754e9a14bb1586e5d783dd6d141213cedcd5090072eb5", "parent": "table public.products"})row"},
    {"schema", "restored", R"row({"snapshot": "committed", "kind": "constraint", "identity": "public.orders.orders_status_check", "definition": "CHECK (status IN ('open', 'paid'))"})row"},
    {"schema", "hidden", R"row({"snapshot": "live", "kind": "subscription", "identity": "replica", "reason": "only a superuser may read it"})row"},
    {"schema", "server_object", R"row({"snapshot": "migrated", "kind": "locale", "identity": "provider", "definition": "c"})row"},
    {"schema", "sequence", R"row({"snapshot": "migrated", "identity": "public.orders_id_seq", "type": "bigint", "start": 1, "increment": 1, "minimum": 1, "maximum": 9223372036854775807, "cycles": 0, "last_value": 42})row"},
    {"schema", "sequence_use", R"row({"snapshot": "migrated", "sequence": "public.orders_id_seq", "relation": "public.orders", "column_name": "id", "type": "bigint", "minimum": -9223372036854775808, "maximum": 9223372036854775807})row"},
    {"schema", "migration_state", R"row({"snapshot": "migrated", "revision": "0005", "environment": "alembic.ini"})row"},
    {"schema", "replayed_history", R"row({"environment": "db/migrations", "outcome": "same", "files": 12})row"},
    {"schema", "application_role", R"row({"name": "orders_app", "file": "exitgate.yaml", "line": 7})row"},
    {"schema", "role", R"row({"snapshot": "migrated", "name": "orders", "login": 1, "superuser": 0, "createdb": 0, "createrole": 0, "replication": 0, "bypassrls": 0, "owns_database": 1})row"},
    {"schema", "membership", R"row({"snapshot": "migrated", "role": "pg_read_all_stats", "member": "pg_monitor", "inherits": 1, "can_set": 1, "admin": 0})row"},
    {"schema", "tally", R"row({"fact": "schema.stairway", "condition": "{}", "rows": 5, "method": "the revisions of the history"})row"},
    {"schema", "part", R"row({"name": "schema-dump", "path": "schema/migrated.sql", "bytes": 6991, "sha256": "8c5560d0716035b44496cf1370745f2ecfa34426eb017104f03aae3de3dbbdc2", "snapshot": "migrated", "repeated": 1})row"},
    {"schema", "work", R"row({"part": "round-trip"})row"},
    {"schema", "model_check", R"row({"position": 0, "command": "alembic check", "exit_code": 0, "outcome": "ok", "duration_ms": 1200, "file": "exitgate.yaml", "line": 19})row"},
    {"schema", "test_run", R"row({"combination": "head", "position": 0, "command": "pytest -q --junitxml=report.xml", "exit_code": 0, "outcome": "ok", "duration_ms": 4100, "log": "logs/tests.log", "reports": 1, "file": "exitgate.yaml", "line": 22})row"},
    {"schema", "test_change", R"row({"combination": "head", "position": 0, "command": "CREATE TABLE", "kind": "table", "identity": "public.scratch", "temporary": 0, "database": "exitgate", "left_behind": 1, "text": "CREATE TABLE scratch (id int)", "committed": 1})row"},
    {"schema", "sandbox", R"row({"network": "none", "files": "contained", "processes": "contained", "memory_mb": 4096, "disk_mb": 8192})row"},
    {"schema", "problem", R"row({"snapshot": "live", "reason": "the server does not answer within 10 s", "hint": "see --database"})row"},
    {"tests", "report", R"row({"id": 1, "path": "report.xml", "format": "junit", "dialect": "pytest", "source": "run", "of": "commit", "command": 0, "file": "exitgate.yaml", "line": 22, "written_at": "2026-06-16T15:12:31Z", "begun_at": "2026-06-16T15:12:27Z", "tracked": 0, "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"})row"},
    {"tests", "suite", R"row({"report": 1, "id": 1, "name": "pytest", "tests": 27, "failures": 1, "errors": 0, "skipped": 2, "milliseconds": 3900})row"},
    {"tests", "test_case", R"row({"report": 1, "suite": 1, "position": 1, "class": "tests.test_orders", "name": "test_total", "status": "failed", "milliseconds": 12, "file": "tests/test_orders.py", "line": 31, "message": "assert 3 == 4", "tries": 1})row"},
    {"tests", "coverage", R"row({"report": 2, "file": "app/orders.py", "tracked": 1, "lines": 120, "lines_hit": 111, "branches": 30, "branches_hit": 24})row"},
    {"tests", "problem", R"row({"path": "old.xml", "file": "exitgate.yaml", "line": 24, "reason": "it was written before the tests began"})row"},
};
// clang-format on

}  // namespace

std::string_view example_row(std::string_view domain, std::string_view table) {
  const auto* const found = std::find_if(std::begin(kExamples), std::end(kExamples), [&](const Example& one) {
    return one.domain == domain && one.table == table;
  });
  return found == std::end(kExamples) ? std::string_view() : found->row;
}

}  // namespace exitgate::facts
