#pragma once

#include <filesystem>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/since_base.h"
#include "harness/facts/store.h"

namespace exitgate::collect {

// Writes OUT/migrations.db (tables: harness/facts/tables/migrations.sql). Throws Undecided only when nothing
// can be told at all; what cannot be read is a problem row.
void collect_migrations(const Checkout& checkout, const std::filesystem::path& out);

// Writes the records of all tools into the store of this domain, as collect_migrations() does.
void write_tools(facts::Store& store);

// The same histories, for those who want to walk them.
std::vector<Environment> read_histories(const Checkout& checkout);

// The histories, and what of them is new since the base.
struct HistoriesSinceBase {
  std::vector<Environment> histories;
  Comparison comparison;  // its problem says why what is new cannot be told
  // For each history the positions of its revisions that are new, in the order in which they are read.
  std::vector<std::vector<std::size_t>> fresh;
};
HistoriesSinceBase read_histories_since_base(const Checkout& checkout);

}  // namespace exitgate::collect
