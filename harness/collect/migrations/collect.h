#pragma once

#include <filesystem>

#include "harness/collect/checkout.h"

namespace exitgate::collect {

// Writes OUT/migrations.db (tables: harness/facts/tables/migrations.sql). Throws Undecided only when nothing
// can be told at all; what cannot be read is a problem row.
void collect_migrations(const Checkout& checkout, const std::filesystem::path& out);

}  // namespace exitgate::collect
