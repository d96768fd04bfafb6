// A schema that the repository keeps as a file, as pg_dump, Rails or dbmate write it: restored, and read.
#pragma once

#include <string>

#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "harness/database/server.h"

namespace exitgate::collect::schema {

// Restores the text of `file` by psql, as the cluster's administrator, into a database of its own, and takes
// its snapshot. What says nothing about the schema does not matter: roles that the cluster does not have
// (they are made), settings that the server does not know, the keys of \restrict, the database that \connect
// asks for, a schema `public` that is there already. Throws Undecided "db/structure.sql:12: ERROR: …" for the
// first statement that fails for any other reason.
Snapshot restore_committed(database::Cluster& cluster, const database::ServerPrograms& programs,
                           const std::string& file, const std::string& text, std::chrono::seconds limit);

}  // namespace exitgate::collect::schema
