// What differs between two snapshots, grouped as a person reads it.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/schema/snapshot.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::collect::schema {

using facts::schema::Change;

struct Difference {
  Change change = Change::changed;
  std::string kind;
  std::string identity;
  std::string before;  // definition; "" when added
  std::string after;   // definition; "" when removed
  // What came or went with it: a new table's columns, constraints, indexes, owner, grants, comments.
  std::vector<Difference> parts;
};

// A glob over "kind identity", as in "grant *", "table public.tmp_*", "* public.legacy.*".
struct Ignored {
  std::string pattern;
  std::size_t differences = 0;  // that it kept quiet; 0: nothing needs it any more
};

struct Comparison {
  std::vector<Difference> differences;  // in the order of kind and identity
  std::vector<Ignored> ignored;         // in the order of the given patterns
};

// Both sorted by kind and identity, as take_snapshot() leaves them. That other columns came or went changes
// no order: a table's column order differs only when columns that both have stand otherwise.
Comparison compare(const std::vector<Object>& before, const std::vector<Object>& after,
                   const std::vector<std::string>& ignore = {});

// "table public.a is new, column public.b.c is another", at most three and how many more.
std::string in_words(const std::vector<Difference>& differences);

}  // namespace exitgate::collect::schema
