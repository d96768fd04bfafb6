#include "harness/collect/code/languages/go/guards.h"

#include <algorithm>
#include <array>

namespace exitgate::collect::code::go {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

bool Guards::is_value(Id expression) const {
  expression = inner(tree_, expression);
  // `strings.TrimSpace(v)` is "" when v is.
  while (tree_.is(expression, Kind::call_expression) && expression != call_) {
    const auto given = arguments(tree_, expression);
    const auto name = names_.member(tree_.child(expression, Field::function), "strings", "strings");
    if (given.empty() ||
        !(name.starts_with("Trim") || name.starts_with("ToLower") || name.starts_with("ToUpper")))
      return false;
    expression = inner(tree_, given[0]);
  }
  return expression == call_ || has_value(expression);
}

// A name, or a field: `config.port`.
bool Guards::has_value(Id expression) const {
  return !value_.empty() &&
         (tree_.is(expression, Kind::identifier) || tree_.is(expression, Kind::selector_expression)) &&
         tree_.text(expression) == value_;
}

bool Guards::is_found(Id expression) const {
  expression = inner(tree_, expression);
  return !found_.empty() && tree_.is(expression, Kind::identifier) && tree_.text(expression) == found_;
}

int Guards::presence(Id condition, int depth) const {
  condition = inner(tree_, condition);
  if (condition == kNoNode || depth == 0) return 0;
  tree_.spend(1);
  if (is_found(condition)) return 1;
  const Id sign = tree_.child(condition, Field::operator_);
  if (sign == kNoNode) return 0;
  const std::string_view text = tree_.text(sign);
  if (tree_.is(condition, Kind::unary_expression))
    return text == "!" ? -presence(tree_.child(condition, Field::operand), depth - 1) : 0;
  if (!tree_.is(condition, Kind::binary_expression)) return 0;
  const Id left = tree_.child(condition, Field::left);
  const Id right = tree_.child(condition, Field::right);
  if (text == "&&" || text == "||") {
    // `absent || anything` is true at least when absent; `present && anything` implies present.
    const int wanted = text == "||" ? -1 : 1;
    return presence(left, depth - 1) == wanted || presence(right, depth - 1) == wanted ? wanted : 0;
  }
  Id value = left;
  Id other = right;
  // len(v) == 0
  const bool length = tree_.is(left, Kind::call_expression) &&
                      last_name(tree_, tree_.child(left, Field::function)) == "len" &&
                      arguments(tree_, left).size() == 1;
  if (length) value = arguments(tree_, left)[0];
  if (!is_value(value)) {
    std::swap(value, other);
    if (!is_value(value)) return 0;
  }
  if (length) {
    if (tree_.text(other) != "0") return 0;
    return text == "==" ? -1 : text == "!=" || text == ">" ? 1 : 0;
  }
  const auto compared = literal(tree_, other);
  if (!compared || !compared->empty()) return 0;
  return text == "==" ? -1 : text == "!=" ? 1 : 0;
}

// The expression names the value anywhere.
bool Guards::names_value(Id node) const {
  for (Id below = node; below < tree_[node].after; ++below) {
    tree_.spend(1);
    if (below == call_ || has_value(below)) return true;
  }
  return false;
}

bool Guards::reads_environment(Id expression) const {
  for (Id below = expression; below < tree_[expression].after; ++below) {
    tree_.spend(1);
    if (!tree_.is(below, Kind::call_expression)) continue;
    const auto name = names_.member(tree_.child(below, Field::function), "os", "os");
    if (name == "Getenv" || name == "LookupEnv") return true;
  }
  return false;
}

// `return …, fmt.Errorf(…)`: of a function whose last result is an error, when it is not nil.
bool Guards::ends_with_error(Id statement) const {
  const Id function = names_.function_around(statement);
  Id result = tree_.child(function, Field::result);
  if (result == kNoNode) return false;
  if (tree_.is(result, Kind::parameter_list)) {
    const auto results = tree_.children(result);
    if (results.empty()) return false;
    result = tree_.child(results.back(), Field::type);
  }
  if (result == kNoNode || tree_.text(result) != "error") return false;
  const auto lists = tree_.children(statement);
  if (lists.empty()) return false;
  const auto given = tree_.is(lists[0], Kind::expression_list) ? tree_.children(lists[0]) : lists;
  return !given.empty() && tree_.text(given.back()) != "nil";
}

bool Guards::ends(Id body) const {
  for (const Id statement : tree_.children(body)) {
    if (tree_.is(statement, Kind::return_statement)) return ends_with_error(statement);
    if (!tree_.is(statement, Kind::expression_statement)) continue;
    const auto inside = tree_.children(statement);
    if (inside.size() != 1 || !tree_.is(inside[0], Kind::call_expression)) continue;
    const Id function = tree_.child(inside[0], Field::function);
    const auto name = last_name(tree_, function);
    if (name == "panic" && tree_.is(function, Kind::identifier)) return true;
    if (is_one_of(name, {"Fatal", "Fatalf", "Fatalln", "Fatalw", "Panic", "Panicf", "Panicln", "FailNow"}))
      return true;
    if (names_.is(function, "os", "os", "Exit")) return true;
  }
  return false;
}

bool Guards::returns_value(Id body) const {
  const auto statements = tree_.children(body);
  return std::any_of(statements.begin(), statements.end(), [&](Id statement) {
    return tree_.is(statement, Kind::return_statement) && names_value(statement);
  });
}

// `port := "8080"` is what the name has where nothing else is assigned.
bool Guards::has_value_before(Id name) const {
  const auto& known = names_.bindings(name);
  return std::any_of(known.begin(), known.end(), [&](const Binding& binding) {
    return binding.declared && binding.name < name && binding.value != kNoNode &&
           !names_.constant(binding.value).value_or("").empty();
  });
}

// The statements that run when the variable is not set. `statement`: the `if` that they belong to.
std::optional<bool> Guards::when_absent(Id body, Id statement) const {
  if (ends(body)) return true;
  for (const Id inside : tree_.children(body)) {
    if (tree_.is(inside, Kind::assignment_statement)) {
      const auto left = tree_.children(tree_.child(inside, Field::left));
      const Id right = tree_.child(inside, Field::right);
      if (left.size() == 1 && is_value(left[0]) && right != kNoNode) {
        if (reads_environment(right)) return std::nullopt;
        return false;
      }
    }
    // os.Setenv("X", "value")
    if (tree_.is(inside, Kind::expression_statement)) {
      const auto calls = tree_.children(inside);
      if (calls.size() == 1 && names_.is(tree_.child(calls[0], Field::function), "os", "os", "Setenv") &&
          tree_.is(call_, Kind::call_expression)) {
        const auto key = arguments(tree_, calls[0]);
        const auto own = arguments(tree_, call_);
        if (!key.empty() && !own.empty() && tree_.text(key[0]) == tree_.text(own[0])) return false;
      }
    }
    // `return fallback`, where the value itself is returned otherwise.
    if (tree_.is(inside, Kind::return_statement) && !tree_.children(inside).empty()) {
      if (reads_environment(inside)) return std::nullopt;
      const Id around = tree_.parent(statement);
      if (returns_value(around)) return false;
    }
  }
  return std::nullopt;
}

std::optional<bool> Guards::told_by(Id statement) const {
  const int told = presence(tree_.child(statement, Field::condition));
  const Id consequence = tree_.child(statement, Field::consequence);
  const Id alternative = tree_.child(statement, Field::alternative);
  if (told == 0 || consequence == kNoNode) return std::nullopt;
  if (told < 0) return when_absent(consequence, statement);
  if (tree_.is(alternative, Kind::block)) {
    if (ends(alternative)) return true;
    // x = v, or else x = "default"
    for (const Id one : tree_.children(consequence)) {
      const Id target = tree_.child(one, Field::left);
      if (!tree_.is(one, Kind::assignment_statement) || target == kNoNode || !names_value(one)) continue;
      for (const Id other : tree_.children(alternative)) {
        const Id same = tree_.child(other, Field::left);
        if (tree_.is(other, Kind::assignment_statement) && same != kNoNode &&
            tree_.text(same) == tree_.text(target) && !reads_environment(other))
          return false;
      }
    }
    return std::nullopt;
  }
  if (alternative != kNoNode) return std::nullopt;
  if (returns_value(consequence)) {
    // What follows runs when it is not set.
    const Id next = tree_[statement].next;
    if (next == kNoNode || reads_environment(next)) return std::nullopt;
    if (tree_.is(next, Kind::return_statement)) {
      if (tree_.children(next).empty()) return std::nullopt;
      return ends_with_error(next);
    }
    if (tree_.is(next, Kind::expression_statement)) {
      const auto calls = tree_.children(next);
      if (calls.size() == 1 && last_name(tree_, tree_.child(calls[0], Field::function)) == "panic")
        return true;
    }
    return std::nullopt;
  }
  for (const Id one : tree_.children(consequence)) {
    if (!tree_.is(one, Kind::assignment_statement) || !names_value(one)) continue;
    const auto targets = tree_.children(tree_.child(one, Field::left));
    if (targets.size() == 1 && tree_.is(targets[0], Kind::identifier) && has_value_before(targets[0]))
      return false;
  }
  return std::nullopt;
}

// require.NotEmpty(t, v)
std::optional<bool> Guards::told_by_call(Id statement) const {
  const auto calls = tree_.children(statement);
  if (calls.size() != 1 || !tree_.is(calls[0], Kind::call_expression)) return std::nullopt;
  const auto name =
      names_.member(tree_.child(calls[0], Field::function), "github.com/stretchr/testify/require", "require");
  const auto given = arguments(tree_, calls[0]);
  if (name.starts_with("NotEmpty") && given.size() >= 2 && is_value(given[1])) return true;
  if (name.starts_with("True") && given.size() >= 2 && presence(given[1]) == 1) return true;
  return std::nullopt;
}

std::optional<bool> Guards::required(const Value& value) const {
  call_ = value.call;
  value_ = {};
  found_ = {};
  // The expression around it, and the statement.
  Id at = call_;
  while (true) {
    const Id above = tree_.parent(at);
    if (above == kNoNode) return std::nullopt;
    tree_.spend(1);
    if (tree_.is(above, Kind::argument_list)) {
      const Id call = tree_.parent(above);
      // cmp.Or(os.Getenv("X"), "default")
      if (names_.is(tree_.child(call, Field::function), "cmp", "cmp", "Or")) {
        const auto given = tree_.children(above);
        if (given.back() != at && !reads_environment(given.back())) return false;
        return std::nullopt;
      }
      if (!is_value(call)) return std::nullopt;
      at = call;
      continue;
    }
    if (tree_.is(above, Kind::parenthesized_expression)) {
      at = above;
      continue;
    }
    break;
  }
  Id statement = tree_.parent(at);
  if (tree_.is(statement, Kind::expression_list)) statement = tree_.parent(statement);
  // Where it stands in a condition itself.
  if (tree_.is(statement, Kind::binary_expression) || tree_.is(statement, Kind::unary_expression)) {
    Id condition = statement;
    while (tree_.is(condition, Kind::binary_expression) || tree_.is(condition, Kind::unary_expression) ||
           tree_.is(condition, Kind::parenthesized_expression)) {
      tree_.spend(1);
      if (tree_.is(tree_.parent(condition), Kind::if_statement)) return told_by(tree_.parent(condition));
      condition = tree_.parent(condition);
    }
    return std::nullopt;
  }
  const bool declaration = tree_.is(statement, Kind::short_var_declaration) ||
                           tree_.is(statement, Kind::var_spec) ||
                           tree_.is(statement, Kind::assignment_statement);
  if (!declaration) return std::nullopt;
  std::vector<Id> names = tree_.is(statement, Kind::var_spec)
                              ? tree_.children(statement, Field::name)
                              : tree_.children(tree_.child(statement, Field::left));
  std::erase_if(names, [&](Id name) { return tree_.text(name) == ","; });
  if (value.pair) {
    if (names.size() != 2) return std::nullopt;
    value_ = tree_.text(names[0]);
    found_ = tree_.text(names[1]);
    if (found_ == "_") found_ = {};
  } else {
    const auto values = tree_.is(tree_.parent(at), Kind::expression_list) ? tree_.children(tree_.parent(at))
                                                                          : std::vector<Id>{at};
    const auto place = std::find(values.begin(), values.end(), at);
    const auto index = static_cast<std::size_t>(place - values.begin());
    if (index >= names.size()) return std::nullopt;
    value_ = tree_.text(names[index]);
  }
  if (value_ == "_") value_ = {};
  if (tree_.is(tree_.parent(statement), Kind::if_statement)) return told_by(tree_.parent(statement));
  // Up to the statement list: `var ( … )` and `var x = …` are statements of their own.
  while (tree_.is(tree_.parent(statement), Kind::var_declaration) ||
         tree_.is(tree_.parent(statement), Kind::var_spec_list))
    statement = tree_.parent(statement);
  constexpr int kStatements = 12;
  int left = kStatements;
  for (Id next = tree_[statement].next; next != kNoNode && left > 0; next = tree_[next].next, --left) {
    tree_.spend(1);
    if (tree_.is(next, Kind::if_statement)) {
      if (presence(tree_.child(next, Field::condition)) != 0) return told_by(next);
    } else if (tree_.is(next, Kind::expression_statement)) {
      if (const auto told = told_by_call(next)) return told;
    } else if (tree_.is(next, Kind::assignment_statement) || tree_.is(next, Kind::short_var_declaration)) {
      // The name is given again.
      for (const Id name : tree_.children(tree_.child(next, Field::left))) {
        if (!value_.empty() && tree_.text(name) == value_) return std::nullopt;
      }
    }
  }
  return std::nullopt;
}

}  // namespace exitgate::collect::code::go
