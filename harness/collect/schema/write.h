// What the database stage has found out becomes the tables of schema.db.
#pragma once

#include "harness/collect/schema/findings.h"
#include "harness/config/config.h"
#include "harness/facts/store.h"
#include "harness/record/run_directory.h"

namespace exitgate::collect::schema {

// Writes RUN/facts/schema.db, and each part of the bundle that is not there yet into the run directory. Throws
// Undecided when something cannot be written.
void write(Findings findings, const config::Config& config, const redact::Redactor& redactor,
           const record::RunDirectory& run);

// The rows of one snapshot, and of the roles of its server.
void write_snapshot(facts::Store& store, Reading reading);

// Checks that compare snapshots look objects up by kind and identity.
void index_objects(facts::Store& store);

}  // namespace exitgate::collect::schema
