#include "harness/rows/components.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::rows {
namespace {

constexpr int kKeys = 40;              // rows of a table that is referred to
constexpr int kCombinations = 240;     // that are kept
constexpr double kFewProducts = 4000;  // combinations that the server is asked about at first
constexpr double kProducts = 120000;   // and when none of these will do

bool has(const std::vector<int>& numbers, int number) {
  return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '"' ||
         static_cast<unsigned char>(c) >= 0x80U;
}

// Columns whose names stand in an expression.
std::vector<int> named_in(const std::string& expression, const Table& table) {
  std::vector<int> numbers;
  for (const auto& column : table.columns) {
    for (auto at = expression.find(column.quoted); at != std::string::npos;
         at = expression.find(column.quoted, at + 1)) {
      const auto end = at + column.quoted.size();
      if ((at == 0 || !is_word(expression[at - 1])) &&
          (end == expression.size() || !is_word(expression[end]))) {
        numbers.push_back(column.number);
        break;
      }
    }
  }
  return numbers;
}

// The checks that can be asked about beforehand, and the bounds of a partition. Generated columns are replaced by the columns
// that they are made of.
std::vector<Condition> conditions_of(const Solving& solving) {
  std::vector<Condition> conditions;
  for (const auto& check : solving.table.checks) conditions.push_back({check.columns, check.expression});
  if (!solving.table.bounds.empty())
    conditions.push_back({named_in(solving.table.bounds, solving.table), solving.table.bounds});
  for (auto& condition : conditions) {
    std::vector<int> plain;
    for (const int number : condition.columns) {
      const Column* const column = solving.table.column(number);
      if (column != nullptr && column->generated) {
        const auto made_of = named_in(column->default_value, solving.table);
        plain.insert(plain.end(), made_of.begin(), made_of.end());
      } else {
        plain.push_back(number);
      }
    }
    condition.columns = plain;
  }
  std::erase_if(conditions, [&](const Condition& one) {
    return one.columns.empty() || std::any_of(one.columns.begin(), one.columns.end(), [&](int number) {
             return solving.table.column(number) == nullptr || has(solving.free, number);
           });
  });
  return conditions;
}

class Groups {
 public:
  void join(const std::vector<int>& numbers) {
    for (const int number : numbers) {
      if (!above_.contains(number)) above_[number] = number;
      above_[top(number)] = top(numbers.front());
    }
  }
  int top(int number) {
    while (above_.at(number) != number) number = above_.at(number);
    return number;
  }
  std::map<int, std::vector<int>> all() {
    std::map<int, std::vector<int>> groups;
    for (const auto& [number, unused] : above_) groups[top(number)].push_back(number);
    return groups;
  }

 private:
  std::map<int, int> above_;
};

class Query {
 public:
  Query(const Solving& solving, const Component& component) : solving_(solving), component_(component) {}

  // At most `products` combinations are tried.
  std::string sql(double products) {
    std::string sources;
    std::string order;
    std::set<int> of_keys;
    int place = 0;
    for (const auto* const key : component_.keys) {
      sources += fmt::format("{}{} k{}", place == 0 ? "" : " NATURAL JOIN ", key_source(*key), place);
      ++place;
      of_keys.insert(key->columns.begin(), key->columns.end());
    }
    std::vector<int> others;
    for (const int number : component_.columns) {
      if (!of_keys.contains(number)) others.push_back(number);
    }
    const auto each = std::max<std::size_t>(
        2, others.empty()
               ? 2
               : static_cast<std::size_t>(std::pow(products, 1.0 / static_cast<double>(others.size()))));
    for (const int number : others) {
      sources += fmt::format("{}{}", place == 0 ? "" : " CROSS JOIN ", value_source(number, place, each));
      order += fmt::format("{}\"exitgate {}\"", order.empty() ? "" : " + ", place);
      ++place;
    }
    std::string selected;
    for (const int number : component_.columns)
      selected +=
          fmt::format("{}{}::text", selected.empty() ? "" : ", ", solving_.table.column(number)->quoted);
    std::string sql = fmt::format("SELECT {} FROM {}", selected, sources);
    for (const auto& column : solving_.table.columns) {
      if (column.generated && is_needed(column))
        sql += fmt::format(" CROSS JOIN LATERAL (SELECT ({})::{} AS {}) g{}", column.default_value,
                           column.type_name, column.quoted, column.number);
    }
    const char* between = " WHERE ";
    for (const auto& condition : component_.conditions) {
      // A check holds when it is NULL as well.
      sql += fmt::format("{}({}) IS NOT FALSE", between, condition.expression);
      between = " AND ";
    }
    // Without a number of its own, each row of the keys comes in the keys' order.
    if (!order.empty())
      sql += fmt::format(" ORDER BY {}, {}", order, selected);
    else
      sql += fmt::format(" ORDER BY {}", selected);
    return sql + fmt::format(" LIMIT {}", kCombinations);
  }

 private:
  bool is_needed(const Column& generated) const {
    return std::any_of(component_.conditions.begin(), component_.conditions.end(), [&](const Condition& one) {
      return has(named_in(one.expression, solving_.table), generated.number);
    });
  }

  std::string key_source(const ForeignKey& key) const {
    std::string selected;
    std::string from;
    std::string present;
    for (std::size_t at = 0; at < key.columns.size(); ++at) {
      const Column& column = *solving_.table.column(key.columns[at]);
      selected += fmt::format("{}{}::{} AS {}", at == 0 ? "" : ", ", key.to_quoted[at], column.type_name,
                              column.quoted);
      from += fmt::format("{}{}", at == 0 ? "" : ", ", key.to_quoted[at]);
      present += fmt::format("{}{} IS NOT NULL", at == 0 ? "" : " AND ", key.to_quoted[at]);
    }
    std::string sql = fmt::format("SELECT {} FROM (SELECT {} FROM {} WHERE {} ORDER BY {} LIMIT {}) r",
                                  selected, from, key.to_name, present, from, kKeys);
    // A reference that may be missing, where no other one is tied to it.
    const Column& first = *solving_.table.column(key.columns.front());
    const bool alone = key.columns.size() == 1 &&
                       std::count_if(component_.keys.begin(), component_.keys.end(),
                                     [&](const auto* one) { return has(one->columns, first.number); }) == 1;
    if (alone && !first.not_null && !component_.conditions.empty())
      sql += fmt::format(" UNION ALL SELECT NULL::{}", first.type_name);
    return "(" + sql + ")";
  }

  bool has_generated(const Condition& condition) const {
    const auto named = named_in(condition.expression, solving_.table);
    return std::any_of(named.begin(), named.end(),
                       [&](int number) { return solving_.table.column(number)->generated; });
  }

  // The candidates that fulfil what is said of the column alone, so that there are fewer to combine.
  std::string value_source(int number, int place, std::size_t most) const {
    const Column& column = *solving_.table.column(number);
    std::vector<ExpressionParts> said;
    std::string where;
    for (const auto& condition : component_.conditions) {
      if (!has(condition.columns, number)) continue;
      said.push_back(parts_of_expression(condition.expression));
      if (condition.columns == std::vector<int>{number} && !has_generated(condition))
        where +=
            fmt::format("{}({}) IS NOT FALSE", where.empty() ? " WHERE " : " AND ", condition.expression);
    }
    auto values = solving_.candidates.accepted(column, solving_.table, said);
    if (const auto forced = solving_.forced.find(number); forced != solving_.forced.end())
      values.insert(values.begin(), forced->second);
    std::string rows;
    int at = 0;
    const auto add = [&](const std::string& value) {
      rows += fmt::format("{}({}, {}::{})", rows.empty() ? "" : ", ", at++, value, column.type_name);
    };
    for (const auto& value : values) {
      add(solving_.connection.literal(value));
      if (at == 1 && !column.not_null) add("NULL");
    }
    if (at == 0) add("NULL");
    return fmt::format("(SELECT * FROM (VALUES {0}) v(\"exitgate {1}\", {2}){3} ORDER BY 1 LIMIT {4}) v{1}",
                       rows, place, column.quoted, where, most);
  }

  const Solving& solving_;
  const Component& component_;
};

void fetch(const Solving& solving, Component& component, const std::string& sql) {
  const auto found = solving.connection.query(sql);
  for (int row = 0; row < found.rows(); ++row) {
    std::vector<Literal> combination;
    for (int column = 0; column < found.columns(); ++column) {
      combination.push_back(found.is_null(row, column) ? Literal()
                                                       : Literal(std::string(found.text(row, column))));
    }
    component.combinations.push_back(std::move(combination));
  }
}

}  // namespace

std::vector<std::vector<Literal>> without_keys(const Solving& solving, Component component) {
  component.keys.clear();
  component.combinations.clear();
  try {
    fetch(solving, component, Query(solving, component).sql(kFewProducts));
  } catch (const Undecided&) {  // then there are none
    component.combinations.clear();
  }
  return component.combinations;
}

std::vector<Component> solve(const Solving& solving) {
  const auto conditions = conditions_of(solving);
  Groups groups;
  for (const auto& condition : conditions) groups.join(condition.columns);
  for (const auto* const key : solving.keys) groups.join(key->columns);
  std::vector<Component> components;
  for (const auto& [top, columns] : groups.all()) {
    Component component{.columns = columns};
    for (const auto* const key : solving.keys) {
      if (has(columns, key->columns.front())) component.keys.push_back(key);
    }
    for (const auto& condition : conditions) {
      if (has(columns, condition.columns.front())) component.conditions.push_back(condition);
    }
    try {
      Query query(solving, component);
      fetch(solving, component, query.sql(kFewProducts));
      if (component.combinations.empty() && !component.conditions.empty())
        fetch(solving, component, query.sql(kProducts));
    } catch (const Undecided& error) {
      // An expression that some value makes fail: the server has to judge row by row.
      component.problem = error.what();
      component.conditions.clear();
      try {
        fetch(solving, component, Query(solving, component).sql(kFewProducts));
      } catch (const Undecided& again) {
        component.problem = again.what();
      }
    }
    components.push_back(std::move(component));
  }
  return components;
}

}  // namespace exitgate::rows
