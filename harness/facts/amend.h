// Changing a complete store before anybody reads it.
#pragma once

#include <filesystem>
#include <string>

namespace exitgate::facts {

// Carries out statements of ours on the store. Throws Undecided, also for a row that the declaration rules out.
void amend_store(const std::filesystem::path& store, const std::string& statements);

}  // namespace exitgate::facts
