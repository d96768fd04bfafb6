#include <fmt/core.h>

#include "tests/breakage/breakage.h"

namespace exitgate::testing_program {

namespace {

// A revision at the end whose upgrade is one SQL statement.
std::string migration(const std::string& sql, const std::string& downgrade = "") {
  return revision("0005", fmt::format("op.execute(\"{}\")", sql), downgrade);
}

// The configuration with some of its keys commented out: the breakage is not about them, and they take their
// time. The lines stay where they are; nor is it about the rehearsal of the upgrade, which is switched off in the place of one.
std::string without(const std::string& keys) {
  const bool down = keys.find("down") != std::string::npos;
  const bool stairway = keys.find("stairway") != std::string::npos;
  return fmt::format("sed -E -i -e '/^  ({}):{}/s/^/#/' -e 's/^#  {}:.*/  rehearsal: false/' exitgate.yaml\n",
                     keys, down ? "|alembic downgrade base" : "", stairway ? "stairway" : "down");
}

// Only there and back, no second look.
const std::string kQuick = without("down|stairway|schema-file");

std::string configured(const std::string& sed) {
  return kQuick + edit("exitgate.yaml", sed);
}

// The gates over the rehearsal of the upgrade, and no others.
const char* const kRehearsal = "rehearsal";

std::vector<Breakage> of_provisioning() {
  return {
      {"MigrationFails",
       "EG-CG2",
       migration("SELECT * FROM no_such_table"),
       {"EG-CG2.application-role error there is no snapshot of a database to look at",
        "EG-CG2.at-head error there is no snapshot of a database to compare with the head",
        // In parentheses: one text among shorter ones.
        ("EG-CG2.provisions fail migrations/versions/0006_new.py:7: an empty database does not become the "
         "schema: step 1, `alembic upgrade head`: exit code 1: sqlalchemy.exc.ProgrammingError: "
         "(psycopg2.errors.UndefinedTable) relation \"no_such_table\" does not exist"),
        "EG-CG2.repeatable error there is no snapshot of 'migrated'",
        "EG-CG2.round-trip error the down migrations were not run: there is no schema to take down",
        "EG-CG2.schema-file error there is no snapshot of 'migrated'",
        "EG-CG2.stairway error the stairway was not walked: the migrations do not reach their head",
        "EG-CG2.upgrade-applies fail migrations/versions/0006_new.py:7: *",
        "EG-CG2.upgrade-locks error the upgrade failed, so that not all statements were seen: *",
        "EG-CG2.way-back error there is no way back from an upgrade that failed: *"}},
      {"NotToTheHead",
       kAll,
       configured("s/alembic upgrade head/alembic upgrade 0003/"),
       {"EG-CG2.at-head fail migrations/versions/0005_service_role.py:9: the database 'migrated' is at "
        "'0003', not at the head '0005'"}},
      {"AnotherSchemaEachTime",
       kDatabase,
       kQuick + revision("0005",
                         "op.execute(f\"ALTER TABLE orders ADD COLUMN extra integer DEFAULT "
                         "{random.randrange(10**9)}\")"),
       {"EG-CG2.repeatable fail column public.orders.extra differs: 'migrated' has `integer DEFAULT *`, "
        "'migrated-again' has `integer DEFAULT *`"}},
      {"TestLogIsMissing",
       kAll,
       kQuick + "git rm -q evidence/pytest.log" + kCommit,
       {"EG-CG4.test-logs fail evidence/pytest.log: the declared test log is not in the bundle"}},
  };
}

std::vector<Breakage> of_schema_file() {
  const std::string only = without("down|stairway");
  return {
      {"SchemaFileIsBehind",
       kDatabase,
       only + migration("ALTER TABLE orders ADD COLUMN note text"),
       {"EG-CG2.schema-file fail db/schema.sql: column public.orders.note is in 'migrated' and not in "
        "'committed'"}},
      {"SchemaFileIsAhead",
       kDatabase,
       only + edit("db/schema.sql", "s/title text NOT NULL,/&\\n    weight integer,/"),
       {"EG-CG2.schema-file fail db/schema.sql: column public.products.weight is in 'committed' and not in "
        "'migrated'"}},
      {"SchemaFileIsGone",
       kDatabase,
       only + "git rm -q db/schema.sql" + kCommit,
       {"EG-CG2.schema-file error the commit has no db/schema.sql, which is declared as its schema"}},
      {"SchemaFileIsNoSql",
       kDatabase,
       only + edit("db/schema.sql", "s/^CREATE VIEW/CREATE A VIEW/"),
       {"EG-CG2.schema-file error db/schema.sql:61: it cannot be restored: syntax error at or near \"A\""}},
  };
}

std::vector<Breakage> of_the_way_back() {
  // Two stairs are enough.
  const std::string stairs = without("down|schema-file") +
                             "sed -i 's/^base: .*/base: HEAD/' exitgate.yaml\n"
                             "git rm -q migrations/versions/000[2-5]*\n";
  const std::string trip = without("stairway|schema-file");
  const std::string notes = "CREATE TABLE notes (id integer PRIMARY KEY)";
  const std::string made = fmt::format("op.execute(\"{}\")", notes);
  return {
      {"NoWayDown",
       kDatabase,
       trip + migration(notes),
       {"EG-CG2.round-trip fail migrations/env.py:25: `alembic downgrade base` failed going down: exit code "
        "1: AttributeError: module '0006_new_py' has no attribute 'downgrade'"}},
      {"WayDownLeavesATableBehind",
       kDatabase,
       trip + migration(notes, "def downgrade():\n    pass"),
       {"EG-CG2.round-trip fail migrations/versions/0006_new.py:7: `alembic upgrade head` failed going up "
        "again, at 0005 -> 0006: exit code 1: sqlalchemy.exc.ProgrammingError: "
        "(psycopg2.errors.DuplicateTable) relation \"notes\" already exists"}},
      {"StairHasNoWayDown",
       kDatabase,
       stairs + revision("0001", made),
       {"EG-CG2.stairway fail migrations/env.py:25: `alembic downgrade 0006-1` failed going down from "
        "'0006': exit code 1: AttributeError: module '0006_new_py' has no attribute 'downgrade'"}},
      {"StairLeavesATableBehind",
       kDatabase,
       stairs + revision("0001", made, "def downgrade():\n    pass"),
       {"EG-CG2.stairway fail migrations/versions/0006_new.py:4: the down migration of '0006' does not undo "
        "it: table "
        "public.notes is left behind"}},
      {"StairTakesMoreThanItMade",
       kDatabase,
       stairs + revision("0001", made,
                         "def downgrade():\n    op.execute(\"DROP TABLE notes; DROP TABLE products\")"),
       {"EG-CG2.stairway fail migrations/versions/0006_new.py:4: the down migration of '0006' does not undo "
        "it: table "
        "public.products is dropped as well"}},
      {"SecondWayUpIsAnother",
       kDatabase,
       stairs + revision("0001",
                         "op.execute(f\"ALTER TABLE products ADD COLUMN extra integer DEFAULT "
                         "{random.randrange(10**9)}\")",
                         "def downgrade():\n    op.drop_column(\"products\", \"extra\")"),
       {"EG-CG2.repeatable fail *",
        "EG-CG2.stairway fail migrations/versions/0006_new.py:4: '0006' makes another schema when it is "
        "applied again: column public.products.extra is different (`integer DEFAULT *`, not `integer DEFAULT "
        "*`)"}},
  };
}

std::vector<Breakage> of_roles() {
  return {
      {"ApplicationOwnsItsTables",
       kDatabase,
       configured("s/^  application: orders_app/  application: orders/"),
       {"EG-CG2.application-role fail exitgate.yaml:7: the application's role 'orders' owns * objects "
        "(database, *): the owner can drop them, and their policies do not bind it"}},
      {"ApplicationBecomesASuperuser",
       kDatabase,
       configured("s/^    - {name: orders_app.*/&\\n    - {name: admin, superuser: true}\\n    - {name: web, "
                  "login: true, member-of: [admin]}/; s/^  application: orders_app/  application: [web]/"),
       {"EG-CG2.application-role fail exitgate.yaml:9: the application's role 'web' is a member of 'admin' "
        "(web -> admin), which is a superuser, one SET ROLE away: no grant and no policy binds it"}},
      {"ApplicationHasNoRole",
       kDatabase,
       configured("s/^  application: orders_app/  application: orders_ap/"),
       {"EG-CG2.application-role fail exitgate.yaml:7: there is no role 'orders_ap', which is declared as "
        "the application's"}},
      {"ApplicationBypassesPolicies",
       kDatabase,
       configured("s/{name: orders_app, login: true}/{name: orders_app, login: true, bypassrls: true}/"),
       {"EG-CG2.application-role fail exitgate.yaml:7: the application's role 'orders_app' has bypassrls: no "
        "row-level security policy binds it"}},
      {"ApplicationMakesRoles",
       kDatabase,
       configured("s/{name: orders_app, login: true}/{name: orders_app, login: true, createrole: true}/"),
       {"EG-CG2.application-role fail exitgate.yaml:7: the application's role 'orders_app' has createrole: "
        "it can make itself a member of other roles"}},
      {"ApplicationReadsEverything",
       kDatabase,
       configured("s/{name: orders_app, login: true}/{name: orders_app, login: true, member-of: "
                  "[pg_read_all_data]}/"),
       {"EG-CG2.application-role fail exitgate.yaml:7: the application's role 'orders_app' is a member of "
        "'pg_read_all_data' (orders_app -> pg_read_all_data): it can read every table, whatever is granted"}},
  };
}

std::vector<Breakage> of_the_upgrade() {
  return {
      {"UpgradeFailsOnRows",
       kRehearsal,
       migration("ALTER TABLE orders ADD COLUMN priority integer NOT NULL"),
       {"EG-CG2.upgrade-applies fail migrations/versions/0006_new.py:7: *column \"priority\" of relation "
        "\"orders\" contains null values",
        "EG-CG2.upgrade-locks error the upgrade failed, so that not all statements were seen: *",
        "EG-CG2.way-back error there is no way back from an upgrade that failed: *"}},
      {"UpgradeBuildsAnIndexUnderALock",
       kRehearsal,
       migration("CREATE INDEX by_customer ON orders (customer)",
                 "def downgrade():\n    op.drop_index('by_customer')"),
       {"EG-CG2.upgrade-locks fail migrations/versions/0006_new.py:7: `CREATE INDEX by_customer ON orders "
        "(customer)`: "
        "an index is built from each row of public.orders (public.by_customer) while * is held on "
        "public.orders: *"}},
      {"UpgradeHasNoWayBack",
       kRehearsal,
       migration("CREATE TABLE notes (id integer PRIMARY KEY)"),
       {"EG-CG2.way-back fail *AttributeError: module '0006_new_py' has no attribute 'downgrade'"}},
  };
}

std::vector<Breakage> of_hygiene() {
  return {
      {"InvalidIndex",
       kDatabase,
       kQuick + revision("0005", R"py(op.execute("INSERT INTO products (sku, title) VALUES (1, 1), (2, 1)")
    try:
        with op.get_context().autocommit_block():
            op.execute("CREATE UNIQUE INDEX CONCURRENTLY one_title ON products (title)")
    except Exception:
        pass)py"),
       {"EG-DB1.indexes-valid fail index public.one_title is invalid: a CREATE INDEX CONCURRENTLY or REINDEX "
        "broke off, and it costs every write without serving any query"}},
      {"ConstraintWasNeverValidated",
       kDatabase,
       kQuick + migration("ALTER TABLE orders ADD CONSTRAINT named CHECK (customer <> '') NOT VALID"),
       {"EG-DB1.constraints-validated fail constraint public.orders.named was never validated: rows from "
        "before it may break it, and the planner cannot rely on it"}},
      {"NoPrimaryKey",
       kDatabase,
       kQuick + migration("CREATE TABLE notes (note text)"),
       {"EG-DB1.primary-keys fail table public.notes has no primary key: its rows cannot be told apart, and "
        "logical replication refuses to update them"}},
      {"ForeignKeyWithoutAnIndex",
       kDatabase,
       kQuick + migration("DROP INDEX ix_order_lines_product"),
       {"EG-DB1.foreign-keys-indexed fail foreign key public.order_lines.fk_order_lines_product has no index "
        "on (product_id): each delete or key change in the table that it refers to reads all of "
        "public.order_lines"}},
      {"PolicyThatIsSwitchedOff",
       kDatabase,
       kQuick + migration("CREATE POLICY in_stock ON products USING (stock > 0)"),
       {"EG-DB1.row-security fail table public.products has the policy in_stock and row-level security is "
        "off: it restricts nobody"}},
      {"SequenceNearItsEnd",
       kDatabase,
       kQuick + migration("SELECT setval('orders_id_seq', 9000000000000000000)"),
       {"EG-DB1.sequences-near-their-end fail sequence public.orders_id_seq has used 97.6 % of its range: it "
        "stands at 9000000000000000000, and behind 9223372036854775807 each insert fails"}},
  };
}

// A line in the configuration behind another; `text` in single quotes of YAML.
std::string configured_behind(const std::string& line, const std::string& key, const std::string& command) {
  return kQuick + fmt::format("cat > added.yaml <<'EOF'\n  {}: ['{}']\nEOF\n", key, command) +
         fmt::format("sed -i '/^  {}:/r added.yaml' exitgate.yaml && rm added.yaml{}", line, kCommit);
}

std::vector<Breakage> of_target_commands() {
  return {
      {"ModelsDiffer",
       kDatabase,
       configured_behind("timeout", "models", "echo add_column; exit 1"),
       {"EG-CG2.models-match fail exitgate.yaml:15: the models are not what the migrations make: `echo "
        "add_column; exit 1`: exit code 1: add_column"}},
      {"TestsFail",
       kDatabase,
       configured_behind("logs", "run", "psql -qAt -c \"SELECT 1\"; exit 7"),
       {"EG-CG2.tests-pass fail exitgate.yaml:18: `psql -qAt -c \"SELECT 1\"; exit 7` on the migrated "
        "database: exit code 7: 1"}},
      {"TestsLeaveATableBehind",
       kDatabase,
       configured_behind("logs", "run", "psql -q -c \"CREATE TABLE scratch ()\""),
       {"EG-CG2.tests-keep-schema fail exitgate.yaml:18: `psql -q -c \"CREATE TABLE scratch ()\"` leaves the "
        "migrated schema changed: table public.scratch: CREATE TABLE scratch ()"}},
      {"OldCodeOnTheNewSchemaFails",
       kDatabase,
       migration("ALTER TABLE products RENAME title TO label") + "\necho label > column\n" +
           "sed -i 's/^  logs:.*/&\\n  compatibility: true/' exitgate.yaml\n" +
           configured_behind("logs", "run",
                             "psql -qAt -c \"SELECT $(cat column || echo title) FROM products\""),
       {"EG-CG2.nothing-destroyed fail *",
        "EG-CG2.release-compatible fail exitgate.yaml:18: the tests of the base commit fail on this commit's "
        "schema: *"}},
  };
}

}  // namespace

std::string edit(const std::string& file, const std::string& sed) {
  return fmt::format("cp {0} before && sed -i '{1}' {0} && ! cmp -s {0} before && rm before{2}", file, sed,
                     kCommit);
}

std::string revision(const std::string& parent, const std::string& upgrade, const std::string& more) {
  return fmt::format(R"(cat > migrations/versions/0006_new.py <<'EOF'
"""New"""
import random
from alembic import op
revision = "0006"
down_revision = "{}"
def upgrade():
    {}
{}
EOF)",
                     parent, upgrade, more) +
         kCommit;
}

std::vector<Breakage> database_breakages() {
  std::vector<Breakage> all;
  for (auto* const some : {of_provisioning, of_schema_file, of_the_way_back, of_roles, of_the_upgrade,
                           of_hygiene, of_target_commands}) {
    for (auto& one : some()) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace exitgate::testing_program
