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

// The parts whose rows a table of the domain `schema` holds: "stairway" of stairway_difference, all snapshots of object.
// None of a table that each run fills, such as plan.
Parts parts_of_table(std::string_view table);

// The parts that fill the tables that a query reads, as far as they are of the domain `schema`; all parts of a query with
// a mistake. `declared`: Facts::declared().
Parts parts_of_query(const Facts& declared, const std::string& query);

// What a check with these parameters needs; none for one that does not read the domain `schema`. A word that names no part is none: the name of a snapshot that no part makes.
Parts parts_of(const Check& check, const Parameters& with, const Facts& declared);

// In the order of all_database_parts(), each once.
Parts in_order(const Parts& parts);

// Throws Undecided when one of the parts was not run in the run that the facts are of, for want of a gate that needs it.
// Facts of before schema.work hold all parts.
void require_parts(const Facts& facts, const Parts& parts);

// The same for the tables that were read, where no part that fills one was run: an undeclared reading is found here.
void require_tables(const Facts& facts, const facts::Reads& reads);

}  // namespace exitgate::check
