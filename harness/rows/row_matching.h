// Which row of a table is which of another one. Inside this library only.
#pragma once

#include <optional>
#include <vector>

#include "harness/rows/contents.h"
#include "harness/rows/type_comparison.h"

namespace exitgate::rows {

// A column of a table before, and the one that it is afterwards: places in their `columns`.
struct ColumnPair {
  std::size_t before;
  std::size_t after;
  Comparable comparable;
};

// Columns of the same number, or of the same name.
std::vector<ColumnPair> pairs_by_number(const ContentTable& before, const ContentTable& after);
std::vector<ColumnPair> pairs_by_name(const ContentTable& before, const ContentTable& after);

// For each row before, its place among those afterwards; -1 where there is none. By the key where both have its columns, then
// by what most columns say.
std::vector<int> match_rows(const ContentTable& before, const ContentTable& after,
                            const std::vector<ColumnPair>& pairs);

// The value, or nullopt, in the form in which the pair's values are compared.
Value compared(const ColumnPair& pair, const Value& value);

}  // namespace exitgate::rows
