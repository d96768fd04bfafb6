// The census: what plain text search over the commit's files and git's own counts say that the fact tables must hold.
// It shares nothing with the collectors but git: no YAML reader, no syntax tree, no model of a provider. What it finds is
// compared with the facts when a gate is evaluated (harness/census/census.h).
#pragma once

#include <filesystem>

#include "harness/collect/checkout.h"

namespace exitgate::collect {

// Writes OUT/census.db (tables: harness/facts/tables/census.sql). Throws Undecided when git breaks off. A file whose blob
// the clone lacks is not searched: the other collectors say so of it.
void collect_census(const Checkout& checkout, const std::filesystem::path& out);

}  // namespace exitgate::collect
