// The roles of a server, what they may do, and which of them are members of which.
#pragma once

#include <string>
#include <vector>

#include "harness/database/connection.h"

namespace exitgate::database {

struct RoleAttributes {
  std::string name;
  bool login = false;
  bool superuser = false;
  bool createdb = false;
  bool createrole = false;
  bool replication = false;
  bool bypassrls = false;
  bool owns_database = false;  // the one that the connection is to
};

// As granted, not what follows from it.
struct Membership {
  std::string role;
  std::string member;
  bool inherits = false;  // the member has the role's privileges as they are
  bool can_set = false;   // SET ROLE is allowed; before PostgreSQL 16 to every member
  bool admin = false;     // may grant the membership, to itself as well
};

struct Roles {
  std::vector<RoleAttributes> roles;    // by name, the predefined ones among them
  std::vector<Membership> memberships;  // by member and role
};

// What pg_roles and pg_auth_members say, which every role may read. Throws Undecided.
Roles read_roles(Connection& connection);

}  // namespace exitgate::database
