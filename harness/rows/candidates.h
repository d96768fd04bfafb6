// Which values are tried for a column. Inside this library only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/database/connection.h"
#include "harness/rows/catalog.h"
#include "harness/rows/expressions.h"
#include "harness/rows/values.h"

namespace exitgate::rows {

class Candidates {
 public:
  Candidates(database::Connection& connection, const Catalog& catalog)
      : connection_(connection), values_(catalog.types) {}

  // Of a value; with its text where it is a literal.
  struct Expression {
    std::string expression;
    std::optional<std::string> text;
  };

  // Whether values made from the type alone are good ones: no domain with checks, no type that is not known.
  bool is_plain(const Column& column) const;
  // A boolean or an enum, so that most rows share its value with another one.
  bool has_few(const Column& column) const;
  // Of a plain column.
  std::optional<std::string> plain(const Column& column, const Table& table, int variant) const;
  // Texts of the column's type that the server has read, the likeliest first: made from the type, from its domain's checks,
  // and from what the constraints say.
  std::vector<std::string> accepted(const Column& column, const Table& table,
                                    const std::vector<ExpressionParts>& said);

 private:
  std::vector<Expression> expressions_of(const Column& column, const Table& table,
                                         const std::vector<ExpressionParts>& said) const;

  database::Connection& connection_;
  Values values_;
  std::map<std::string, std::vector<std::string>> accepted_;  // by the expressions that were tried
};

// What tells the values of a column from those of others.
unsigned salt_of(const Table& table, const Column& column);

}  // namespace exitgate::rows
