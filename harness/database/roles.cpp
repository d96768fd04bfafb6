#include "harness/database/roles.h"

namespace exitgate::database {

namespace {

constexpr const char* kRoles =
    "SELECT rolname, rolcanlogin, rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, "
    "  oid = (SELECT datdba FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) "
    "FROM pg_catalog.pg_roles ORDER BY rolname COLLATE \"C\"";

// Since PostgreSQL 16 a grant says for itself what the member may do with it, and each grantor has a row of its own.
std::string memberships(int server_version) {
  const bool own = server_version >= 160000;
  return std::string("SELECT g.rolname, m.rolname, bool_or(") +
         (own ? "a.inherit_option), bool_or(a.set_option)" : "m.rolinherit), true") +
         ", bool_or(a.admin_option) FROM pg_catalog.pg_auth_members a "
         "JOIN pg_catalog.pg_roles g ON g.oid = a.roleid JOIN pg_catalog.pg_roles m ON m.oid = a.member "
         "GROUP BY g.rolname, m.rolname ORDER BY m.rolname COLLATE \"C\", g.rolname COLLATE \"C\"";
}

}  // namespace

Roles read_roles(Connection& connection) {
  Roles found;
  const Result roles = connection.query(kRoles);
  for (int row = 0; row < roles.rows(); ++row) {
    found.roles.push_back({std::string(roles.text(row, 0)), roles.boolean(row, 1), roles.boolean(row, 2),
                           roles.boolean(row, 3), roles.boolean(row, 4), roles.boolean(row, 5),
                           roles.boolean(row, 6), roles.boolean(row, 7)});
  }
  const Result members = connection.query(memberships(connection.server_version()));
  for (int row = 0; row < members.rows(); ++row) {
    found.memberships.push_back({std::string(members.text(row, 0)), std::string(members.text(row, 1)),
                                 members.boolean(row, 2), members.boolean(row, 3), members.boolean(row, 4)});
  }
  return found;
}

}  // namespace exitgate::database
