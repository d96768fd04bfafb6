#pragma once

#include <filesystem>

#include "harness/collect/checkout.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect {

// Writes OUT/environment.db (tables: harness/facts/tables/environment.sql) and the same for people as
// RUN_ROOT/environment/{machine,tools,variables,packages}.txt, each of which is a row of environment.part;
// with RUN_ROOT "", only the store. Everything goes through `redactor` first. Few programs are started, at
// the same time and under a short limit; what does not answer has a version of NULL. Throws Undecided only
// when something cannot be written.
void collect_environment(const Checkout& checkout, const redact::Redactor& redactor,
                         const std::filesystem::path& out, const std::filesystem::path& run_root);

}  // namespace exitgate::collect
