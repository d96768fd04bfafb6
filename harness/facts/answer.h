// The answer to any one SELECT, cell by cell, for people and programs that ask the facts themselves (`exitgate query`).
// Checks read with facts.h.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

namespace exitgate::facts {

// NULL, a whole number, another number, or text (a blob as its bytes).
using Cell = std::variant<std::monostate, std::int64_t, double, std::string>;

struct Answer {
  std::vector<std::string> columns;  // as the query names them; a name can be there twice
  std::vector<std::vector<Cell>> rows;
};

// Asks the stores FOLDER/<domain>.db, read only. Throws Undecided for a store that is missing, for a mistake in the query that
// Facts::check_query did not find, and when the answer breaks off.
Answer answer(const std::filesystem::path& folder, const std::vector<std::string>& domains,
              const std::string& query);

}  // namespace exitgate::facts
