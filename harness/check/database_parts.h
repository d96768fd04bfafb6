// The parts of the database stage, as schema.work has them. Which ones a gate needs follows from what its check declares
// and from the tables that its queries name; a run does those that its gates need, and no others.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::check {

// Every part there is, in the order of schema.work.
const Parts& all_database_parts();

// Whether the database stage collects this domain: `schema` and `rehearsal`.
bool is_of_database_stage(std::string_view domain);

// The parts whose rows a table of these domains holds: "stairway" of schema.stairway_difference, all snapshots of
// schema.object. None of a table that each run fills, such as schema.plan, nor of a table of another domain.
Parts parts_of_table(std::string_view domain, std::string_view table);

// The parts that fill the tables that a query reads, as far as the database stage does; all parts of a query with
// a mistake. `declared`: Facts::declared().
Parts parts_of_query(const Facts& declared, const std::string& query);

// What a check with these parameters needs; none for one that reads neither `schema` nor `rehearsal`. A word that names no part is none: the name of a snapshot that no part makes.
Parts parts_of(const Check& check, const Parameters& with, const Facts& declared);

// In the order of all_database_parts(), each once.
Parts in_order(const Parts& parts);

// Throws Undecided when one of the parts was not run in the run that the facts are of, for want of a gate that needs it.
// Facts of before schema.work hold all parts.
void require_parts(const Facts& facts, const Parts& parts);

// The same for the tables that were read, where no part that fills one was run: an undeclared reading is found here.
void require_tables(const Facts& facts, const facts::Reads& reads);

}  // namespace exitgate::check
