#include "harness/expression/evaluate.h"

#include <fmt/core.h>

#include <charconv>

namespace exitgate::expression {

namespace {

// GitHub's limit on what one evaluation may build, counted as it counts: two bytes a character.
constexpr std::size_t kMemory = 1U << 20;

bool contains(const Value& in, const Value& what) {
  if (in.kind() == ValueKind::array) {
    for (const Value& item : in.array().items) {
      if (equals(item, what)) return true;
    }
    return false;
  }
  if (!in.is_primitive() || !what.is_primitive()) return false;
  return upper(in.as_text()).find(upper(what.as_text())) != std::string::npos;
}

bool affix(const Value& in, const Value& what, bool at_start) {
  if (!in.is_primitive() || !what.is_primitive()) return false;
  const std::string text = upper(in.as_text());
  const std::string part = upper(what.as_text());
  return at_start ? text.starts_with(part) : text.ends_with(part);
}

std::string format(std::span<const Value> arguments) {
  const std::string pattern = arguments[0].as_text();
  const auto invalid = [&]() -> EvaluationError {
    return EvaluationError(fmt::format("The following format string is invalid: {}", pattern));
  };
  std::string out;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    const bool doubled = i + 1 < pattern.size() && pattern[i + 1] == c;
    if (c != '{' && c != '}') {
      out += c;
    } else if (doubled) {
      out += c;
      ++i;
    } else if (c == '}') {
      throw invalid();
    } else {
      const std::size_t close = pattern.find('}', i);
      if (close == std::string::npos) throw invalid();
      std::size_t number = 0;
      const char* const end = pattern.data() + close;
      const auto [stop, error] = std::from_chars(pattern.data() + i + 1, end, number);
      if (error != std::errc() || stop != end || number > 255) throw invalid();
      if (number + 1 >= arguments.size()) {
        throw EvaluationError(fmt::format(
            "The following format string references more arguments than were supplied: {}", pattern));
      }
      out += arguments[number + 1].as_text();
      if (out.size() > kMemory) throw EvaluationError("The maximum allowed memory size was exceeded");
      i = close;
    }
  }
  return out;
}

std::string join(std::span<const Value> arguments) {
  if (arguments[0].kind() != ValueKind::array) {
    return arguments[0].is_primitive() ? arguments[0].as_text() : "";
  }
  const bool given = arguments.size() > 1 && arguments[1].is_primitive();
  const std::string separator = given ? arguments[1].as_text() : ",";
  std::string out;
  bool first = true;
  for (const Value& item : arguments[0].array().items) {
    if (!first) out += separator;
    first = false;
    out += item.as_text();
  }
  return out;
}

class Evaluator {
 public:
  explicit Evaluator(const Contexts& contexts) : contexts_(contexts) {}

  Value value(const Node& node) {
    switch (node.kind) {
      case NodeKind::literal:
        return node.value;
      case NodeKind::name: {
        const Value* found = contexts_.named.find(node.text);
        return found == nullptr ? Value() : *found;
      }
      case NodeKind::call:
        return call(node);
      case NodeKind::index: {
        const Value what = value(node.children[0]);
        return index(what, value(node.children[1]));
      }
      case NodeKind::star:
        return all_of(value(node.children[0]));
      case NodeKind::negation:
        return Value(!value(node.children[0]).truthy());
      case NodeKind::comparison: {
        const Value left = value(node.children[0]);
        return Value(compare(node.text, left, value(node.children[1])));
      }
      case NodeKind::conjunction:
      case NodeKind::disjunction: {
        Value last;
        for (const Node& child : node.children) {
          last = value(child);
          if (last.truthy() == (node.kind == NodeKind::disjunction)) break;
        }
        return last;
      }
    }
    return {};
  }

 private:
  Value call(const Node& node) {
    const Status& status = contexts_.status;
    if (node.text == "always") return Value(true);
    if (node.text == "success") return Value(status.success);
    if (node.text == "failure") return Value(status.failure);
    if (node.text == "cancelled") return Value(status.cancelled);
    if (node.text == "hashfiles") return Value("");
    if (node.text == "case") return choose(node);
    std::vector<Value> arguments;
    arguments.reserve(node.children.size());
    for (const Node& child : node.children) arguments.push_back(value(child));
    Value result = apply_function(node.text, arguments);
    if (result.kind() == ValueKind::string) built_ += 2 * result.text().size();
    if (built_ > kMemory) throw EvaluationError("The maximum allowed memory size was exceeded");
    return result;
  }

  // case(predicate, value, …, otherwise): what is not chosen is not evaluated.
  Value choose(const Node& node) {
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
      const Value predicate = value(node.children[i]);
      if (predicate.kind() != ValueKind::boolean) {
        throw EvaluationError("case predicate must evaluate to a boolean value");
      }
      if (predicate.boolean()) return value(node.children[i + 1]);
    }
    return value(node.children.back());
  }

  const Contexts& contexts_;
  std::size_t built_ = 0;
};

}  // namespace

bool compare(std::string_view operation, const Value& left, const Value& right) {
  if (operation == "==") return equals(left, right);
  if (operation == "!=") return !equals(left, right);
  if (operation == "<") return less(left, right);
  if (operation == "<=") return less(left, right) || equals(left, right);
  if (operation == ">") return greater(left, right);
  return greater(left, right) || equals(left, right);
}

Value apply_function(std::string_view function, std::span<const Value> arguments) {
  if (function == "contains") return Value(contains(arguments[0], arguments[1]));
  if (function == "startswith") return Value(affix(arguments[0], arguments[1], true));
  if (function == "endswith") return Value(affix(arguments[0], arguments[1], false));
  if (function == "format") return Value(format(arguments));
  if (function == "join") return Value(join(arguments));
  if (function == "tojson") return Value(to_json(arguments[0]));
  const std::string text = arguments[0].as_text();
  auto parsed = from_json(text);
  if (!parsed)
    throw EvaluationError(fmt::format("Error parsing fromJson: not JSON: {}", text.substr(0, 100)));
  return std::move(*parsed);
}

Value evaluate(const Node& node, const Contexts& contexts) {
  return Evaluator(contexts).value(node);
}

}  // namespace exitgate::expression
