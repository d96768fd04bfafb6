// Columns that hold one of a closed set of values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::check {

struct ClosedColumn {
  std::vector<std::string> values;  // empty: it is not closed
  std::string more;                 // where else to ask for a value that is not among them; "" for nowhere
};

ClosedColumn closed_column(std::string_view domain, std::string_view table, std::string_view column);

}  // namespace exitgate::check
