#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class ApplicationRole : public CheckTable {};
TEST_P(ApplicationRole, SayExactly) {
  holds();
}

std::string snapshot(const std::string& name) {
  return fmt::format(
      "INSERT INTO schema.snapshot (name, database, server_version, fingerprint, structure, taken_at) VALUES "
      "('{}', 'exitgate', '15.14', 'f00d', '', '');",
      name);
}
// `is`: of superuser, createdb, createrole, replication, bypassrls, owns_database, those that it is.
std::string role(const std::string& name, const std::string& is = "", const std::string& in = "migrated") {
  const auto has = [&](const char* word) { return is.find(word) != std::string::npos ? 1 : 0; };
  return fmt::format(
      "INSERT INTO schema.role (snapshot, name, login, superuser, createdb, createrole, replication, "
      "bypassrls, owns_database) VALUES ('{}', '{}', 1, {}, {}, {}, {}, {}, {});",
      in, name, has("superuser"), has("createdb"), has("createrole"), has("replication"), has("bypassrls"),
      has("owns_database"));
}
std::string member(const std::string& name, const std::string& group, int can_set = 1) {
  return fmt::format(
      "INSERT INTO schema.membership (snapshot, role, member, inherits, can_set, admin) VALUES ('migrated', "
      "'{}', '{}', 0, {}, 0);",
      group, name, can_set);
}
std::string owner(const std::string& name, const std::string& object) {
  return fmt::format(
      "INSERT INTO schema.object (snapshot, kind, name, identity, definition, sha256) VALUES ('migrated', "
      "'owner', 'x', '{}', '{}', '');",
      object, name);
}
const std::string kDeclared =
    "INSERT INTO schema.application_role (name, file, line) VALUES ('app', 'exitgate.yaml', 7);";
const std::string kApp = kDeclared + snapshot("migrated") + role("migrator", "createdb owns_database") +
                         owner("migrator", "table public.orders");

const std::vector<CheckCase> kCases = {
    {"NotDeclared", "application-role", "{}", snapshot("migrated"), R"(0 examined
skip: no application role is declared: write `database: {application: ROLE}` in exitgate.yaml
)"},
    {"NoMoreThanItsGrants", "application-role", "{}",
     kApp + role("app") + role("app_rw") + member("app", "app_rw"), R"(1 examined
)"},
    {"NoSuchRole", "application-role", "{}", kApp, R"(1 examined
FAIL exitgate.yaml:7: there is no role 'app', which is declared as the application's
  > let `database: {roles: [...]}` or a migration make it, or fix `application:`
)"},
    {"Superuser", "application-role", "{}", kApp + role("app", "superuser bypassrls createrole"),
     R"(1 examined
FAIL exitgate.yaml:7: the application's role 'app' is a superuser: no grant and no policy binds it
  > `ALTER ROLE app NOSUPERUSER;`, and so in `roles:` where it is declared
)"},
    {"EveryAttribute", "application-role", "{}",
     kApp + role("app", "bypassrls createrole createdb replication"), R"(1 examined
FAIL exitgate.yaml:7: the application's role 'app' has bypassrls: no row-level security policy binds it
  > `ALTER ROLE app NOBYPASSRLS;`, and so in `roles:` where it is declared
FAIL exitgate.yaml:7: the application's role 'app' has createrole: it can make itself a member of other roles
  > `ALTER ROLE app NOCREATEROLE;`, and so in `roles:` where it is declared
FAIL exitgate.yaml:7: the application's role 'app' has createdb: it can make databases that nobody looks after
  > `ALTER ROLE app NOCREATEDB;`, and so in `roles:` where it is declared
FAIL exitgate.yaml:7: the application's role 'app' has replication: it can read all data from the write-ahead log
  > `ALTER ROLE app NOREPLICATION;`, and so in `roles:` where it is declared
)"},
    {"ByMembership", "application-role", "{}",
     kApp + role("app") + role("ops") + role("admin", "superuser") + member("app", "ops") +
         member("ops", "admin") + member("admin", "app"),
     R"(1 examined
FAIL exitgate.yaml:7: the application's role 'app' is a member of 'admin' (app -> ops -> admin), which is a superuser, one SET ROLE away: no grant and no policy binds it
  > `REVOKE admin FROM ops;`
)"},
    {"AMembershipThatGivesNothing", "application-role", "{}",
     kApp + role("app") + role("admin", "superuser") + member("app", "admin", 0), R"(1 examined
)"},
    {"Owns", "application-role", "{}",
     kApp + role("app", "owns_database") + owner("app", "schema shop") + owner("app", "table shop.a") +
         owner("app", "table shop.b") + owner("app", "table shop.c"),
     R"(1 examined
FAIL exitgate.yaml:7: the application's role 'app' owns 5 objects (database, schema shop, table shop.a and 2 more): the owner can drop them, and their policies do not bind it
  > let another role own and migrate (`owner:`), and grant 'app' what it needs to read and write
)"},
    {"OwnsByMembership", "application-role", "{}",
     kApp + role("app") + role("Data owner") + member("app", "Data owner") +
         owner("\"Data owner\"", "table public.orders"),
     R"(1 examined
FAIL exitgate.yaml:7: the application's role 'app' is a member of 'Data owner' (app -> Data owner), which owns 1 object (table public.orders): the owner can drop them, and their policies do not bind it
  > grant 'app' what it needs instead of the membership
)"},
    {"PredefinedRole", "application-role", "{}",
     kApp + role("app") + role("pg_read_all_data") + role("pg_monitor") + member("app", "pg_read_all_data") +
         member("app", "pg_monitor"),
     R"(1 examined
FAIL exitgate.yaml:7: the application's role 'app' is a member of 'pg_read_all_data' (app -> pg_read_all_data): it can read every table, whatever is granted
  > `REVOKE pg_read_all_data FROM app;`
)"},
    {"Allowed", "application-role",
     R"({"allow": ["createdb", "member pg_read_all_data", "owns table public.cache_*"]})",
     kApp + role("app", "createdb") + role("pg_read_all_data") + member("app", "pg_read_all_data") +
         owner("app", "table public.cache_a"),
     R"(1 examined
)"},
    {"Live", "application-role", "{}",
     kApp + role("app") + snapshot("live") + role("app", "superuser", "live"), R"(2 examined
FAIL exitgate.yaml:7: the application's role 'app' (in the live database) is a superuser: no grant and no policy binds it
  > `ALTER ROLE app NOSUPERUSER;`, and so in `roles:` where it is declared
)"},
    {"NotRead", "application-role", "{}", kDeclared + snapshot("migrated"), R"(0 examined
?    the roles of 'migrated' were not read
  > run exitgate again: these facts are of a version that did not read them
)"},
    {"NoSnapshot", "application-role", "{}", kDeclared, R"(0 examined
?    there is no snapshot of a database to look at
  > see EG-CG2.provisions, or the log of the test exitgate.database
)"},
};
INSTANTIATE_TEST_SUITE_P(Roles, ApplicationRole, ::testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace exitgate::testing
