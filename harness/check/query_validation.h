// Mistakes of a query over the fact tables, told with what there is: before anything runs, when gate files are read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::check {

// A parameter whose value is wrong at a place in it.
class PlacedError : public ParameterError {
 public:
  // `line`: of the value's text, from 0.
  PlacedError(std::string parameter, const std::string& message, const std::string& hint, int line)
      : ParameterError(std::move(parameter), message, hint), line_(line) {}
  int line() const { return line_; }

 private:
  int line_;
};

struct QueryMistake {
  std::string message;                     // "ci.job has no column 'colour' (did you mean 'condition'?)"
  std::string hint;                        // "its columns are file, id, line, …"
  std::optional<std::size_t> offset = {};  // in bytes of the query
};

// A table that a query names, "ci.job".
struct NamedTable {
  std::string domain;
  std::string table;
  auto operator<=>(const NamedTable&) const =
      default;  // NOLINT(modernize-use-nullptr): of the compiler's own
};

// In the order of the text, each once. Without those that are named without their domain.
std::vector<NamedTable> named_tables(std::string_view sql);

// Every store that the query reads, sorted. Of a query with a mistake those that it names.
std::vector<std::string> domains_of_query(std::string_view sql);

// The first mistake: of SQL, of names, and of literals that a column with a closed set of values can never hold, so that
// the comparison says the same whatever there is. Where it cannot be told which column is meant there is none.
std::optional<QueryMistake> mistake_in_query(std::string_view sql);

// What SQLite's message about a statement means, with the columns and tables that there are; the message itself where nothing more is
// known.
QueryMistake explained_mistake(const std::string& message, std::string_view sql);

// Throws PlacedError for a mistake in the query that a parameter holds.
void require_right_query(std::string_view parameter, const std::string& sql);

}  // namespace exitgate::check
