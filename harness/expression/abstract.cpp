#include "harness/expression/abstract.h"

#include <algorithm>
#include <span>

#include "harness/expression/evaluate.h"

namespace exitgate::expression {

namespace {

constexpr std::size_t kMostCombinations = 256;

using Kind = Possible::Kind;

// Calls `visit` with each combination of the arguments' values; false when one of them is not a set of values
// or when there are too many.
template <typename Visit>
bool for_each_combination(const std::vector<Possible>& arguments, Visit visit) {
  std::size_t count = 1;
  for (const Possible& argument : arguments) {
    if (argument.kind() != Kind::values) return false;
    count *= argument.values().size();
    if (count > kMostCombinations) return false;
  }
  std::vector<Value> chosen(arguments.size());
  for (std::size_t number = 0; number < count; ++number) {
    std::size_t rest = number;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const auto& values = arguments[i].values();
      chosen[i] = values[rest % values.size()];
      rest /= values.size();
    }
    visit(std::span<const Value>(chosen));
  }
  return true;
}

// Whether a string that begins with `prefix` can begin with `part`; both in upper case.
Truth starts_with(std::string_view prefix, std::string_view part) {
  if (prefix.starts_with(part)) return Truth::yes;
  return part.starts_with(prefix) ? Truth::unknown : Truth::no;
}

bool is_text(const Value& value) {
  return value.kind() == ValueKind::string;
}

Truth text_equals(const Possible& text, const Possible& other) {
  const std::string prefix = upper(text.prefix());
  const std::string suffix = upper(text.suffix());
  if (other.kind() == Kind::text) {
    const std::string other_prefix = upper(other.prefix());
    const std::string other_suffix = upper(other.suffix());
    const bool could = (prefix.starts_with(other_prefix) || other_prefix.starts_with(prefix)) &&
                       (suffix.ends_with(other_suffix) || other_suffix.ends_with(suffix));
    return could ? Truth::unknown : Truth::no;
  }
  if (other.kind() == Kind::object || other.kind() == Kind::items) return Truth::no;
  if (other.kind() != Kind::values) return Truth::unknown;
  const auto impossible = [&](const Value& value) {
    if (!value.is_primitive()) return true;
    if (!is_text(value)) return false;
    const std::string known = upper(value.text());
    return known.size() < prefix.size() + suffix.size() || !known.starts_with(prefix) ||
           !known.ends_with(suffix);
  };
  return std::all_of(other.values().begin(), other.values().end(), impossible) ? Truth::no : Truth::unknown;
}

Truth equal(const Possible& left, const Possible& right) {
  if (left.kind() == Kind::text) return text_equals(left, right);
  if (right.kind() == Kind::text) return text_equals(right, left);
  const auto object_equals = [](const Possible& other) {
    // An object equals nothing but itself.
    const auto primitive = [](const Value& value) { return value.is_primitive(); };
    return other.kind() == Kind::values &&
                   std::all_of(other.values().begin(), other.values().end(), primitive)
               ? Truth::no
               : Truth::unknown;
  };
  const auto is_collection = [](const Possible& one) {
    return one.kind() == Kind::object || one.kind() == Kind::items;
  };
  if (is_collection(left)) return object_equals(right);
  if (is_collection(right)) return object_equals(left);
  const auto truthy_equals = [](const Possible& other) {
    // '' equals '', null, false and 0, and no string of blanks: nothing that counts as true.
    const Value* known = other.known();
    return known != nullptr && is_text(*known) && known->text().empty() ? Truth::no : Truth::unknown;
  };
  if (left.kind() == Kind::truthy) return truthy_equals(right);
  if (right.kind() == Kind::truthy) return truthy_equals(left);
  return Truth::unknown;
}

class Abstraction {
 public:
  explicit Abstraction(const PartialContexts& contexts) : contexts_(contexts) {}

  Possible value(const Node& node) {
    switch (node.kind) {
      case NodeKind::literal:
        return node.value;
      case NodeKind::name:
        return contexts_.find(node.text);
      case NodeKind::call:
        return call(node);
      case NodeKind::index: {
        const Possible what = value(node.children[0]);
        return member(what, value(node.children[1]));
      }
      case NodeKind::star:
        return each(value(node.children[0]));
      case NodeKind::negation:
        return Possible::boolean(negate(value(node.children[0]).truth()));
      case NodeKind::comparison:
        return compared(node);
      case NodeKind::conjunction:
      case NodeKind::disjunction:
        return chain(node);
    }
    return Possible::anything();
  }

 private:
  // `&&` gives its first operand that counts as false, `||` its first that counts as true, else its last.
  Possible chain(const Node& node) {
    const bool stops_at = node.kind == NodeKind::disjunction;
    std::optional<Possible> result;
    const auto add = [&](const Possible& possible) { result = result ? join(*result, possible) : possible; };
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Possible one = value(node.children[i]);
      if (i + 1 == node.children.size()) {
        add(one);
      } else if (const auto stopped = one.when(stops_at)) {
        add(*stopped);
        if (!one.when(!stops_at)) break;
      }
    }
    return *result;
  }

  Possible compared(const Node& node) {
    const std::vector<Possible> sides = {value(node.children[0]), value(node.children[1])};
    bool can_hold = false;
    bool can_fail = false;
    const bool decided = for_each_combination(sides, [&](std::span<const Value> chosen) {
      (compare(node.text, chosen[0], chosen[1]) ? can_hold : can_fail) = true;
    });
    if (decided) return Possible::boolean(can_hold && can_fail ? Truth::unknown : truth_of(can_hold));
    if (node.text == "==") return Possible::boolean(equal(sides[0], sides[1]));
    if (node.text == "!=") return Possible::boolean(negate(equal(sides[0], sides[1])));
    return Possible::boolean(Truth::unknown);
  }

  static Possible member(const Possible& what, const Possible& at) {
    if (what.kind() == Kind::object) {
      const Value* key = at.known();
      if (key == nullptr) return Possible::anything();
      return key->is_primitive() ? what.members().find(key->as_text()) : Possible();
    }
    if (what.kind() == Kind::items) {
      std::vector<Possible> parts;
      for (const Possible& part : what.parts()) {
        // What a part does not have is left out of a filtered array: only an object with every member is sure.
        if (part.kind() != Kind::object || at.known() == nullptr || !at.known()->is_primitive()) {
          return Possible::truthy();
        }
        const PartialObject& object = part.members();
        if (!object.members.contains(upper(at.known()->as_text()))) return Possible::truthy();
        parts.push_back(object.find(at.known()->as_text()));
      }
      return Possible::items(std::move(parts));
    }
    if (what.kind() == Kind::text) return {};  // a string has no members
    std::vector<Value> found;
    if (for_each_combination({what, at}, [&](std::span<const Value> chosen) {
          found.push_back(index(chosen[0], chosen[1]));
        })) {
      return Possible::one_of(std::move(found));
    }
    return Possible::anything();
  }

  static Possible each(const Possible& what) {
    if (what.kind() == Kind::object && what.members().complete()) {
      std::vector<Possible> parts;
      for (const auto& [name, member] : what.members().members) parts.push_back(member);
      return Possible::items(std::move(parts));
    }
    if (what.kind() != Kind::values) return Possible::truthy();  // an array in any case
    std::vector<Value> found;
    for (const Value& value : what.values()) found.push_back(all_of(value));
    return Possible::one_of(std::move(found));
  }

  Possible call(const Node& node) {
    const PartialStatus& status = contexts_.status;
    if (node.text == "always") return Value(true);
    if (node.text == "success" || node.text == "failure") {
      if (!node.children.empty()) return of_named_jobs(node);
      return Possible::boolean(node.text == "success" ? status.success : status.failure);
    }
    if (node.text == "cancelled") return Possible::boolean(status.cancelled);
    if (node.text == "hashfiles") return Possible::text("");
    if (node.text == "case") return choose(node);
    std::vector<Possible> arguments;
    for (const Node& child : node.children) arguments.push_back(value(child));
    std::vector<Value> results;
    bool failed = false;
    const bool decided = for_each_combination(arguments, [&](std::span<const Value> chosen) {
      try {
        results.push_back(apply_function(node.text, chosen));
      } catch (const EvaluationError&) {
        failed = true;
      }
    });
    // An evaluation that fails ends the job, which nobody can tell beforehand from the values that do not.
    if (decided && failed) return Possible::anything();
    if (decided) return Possible::one_of(std::move(results));
    return partly(node.text, arguments);
  }

  // success('a', 'b') and failure('a'): of these jobs alone, as far as `needs` has them. The documentation does not speak
  // of it, GitHub's own schema of conditions of jobs has it ("success(0,MAX)").
  Possible of_named_jobs(const Node& node) {
    const bool success = node.text == "success";
    const Possible needs = contexts_.find("needs");
    Truth all = truth_of(success);
    for (const Node& child : node.children) {
      const Possible need = member(needs, value(child));
      const Possible result = member(need, Value("result"));
      Truth same = Truth::unknown;
      if (result.kind() == Kind::values && need.kind() == Kind::object) {
        same = equal_values(result, Value(node.text));
      }
      if (same == Truth::unknown && all == truth_of(success)) all = Truth::unknown;
      if (same == truth_of(!success)) all = same;
    }
    return Possible::boolean(all);
  }

  // A function of arguments that are not all sets of values.
  static Possible partly(std::string_view function, const std::vector<Possible>& arguments) {
    if (function == "format") return formatted(arguments);
    if (function == "fromjson") return Possible::anything();
    if (function == "tojson") return Possible::truthy();  // never an empty text
    if (function == "join") return Possible::text("");
    const Possible& in = arguments[0];
    const Value* part = arguments[1].known();
    if (part == nullptr || !part->is_primitive()) return Possible::boolean(Truth::unknown);
    const std::string wanted = upper(part->as_text());
    if (in.kind() == Kind::text) {
      const std::string prefix = upper(in.prefix());
      if (function == "startswith") return Possible::boolean(starts_with(prefix, wanted));
      if (function == "contains" && prefix.find(wanted) != std::string::npos) return Value(true);
      const std::string suffix = upper(in.suffix());
      if (function == "contains" && suffix.find(wanted) != std::string::npos) return Value(true);
      if (function == "endswith") {
        if (suffix.ends_with(wanted)) return Value(true);
        if (!wanted.ends_with(suffix)) return Value(false);
      }
      if (wanted.empty()) return Value(true);
    }
    if (in.kind() == Kind::items) return function == "contains" ? contains(in.parts(), *part) : Value(false);
    if (in.kind() == Kind::object) return Value(false);
    return Possible::boolean(Truth::unknown);
  }

  static Possible contains(const std::vector<Possible>& parts, const Value& what) {
    bool could = false;
    for (const Possible& part : parts) {
      const Truth same = part.kind() == Kind::values ? equal_values(part, what) : equal(part, what);
      if (same == Truth::yes) return Value(true);
      could = could || same == Truth::unknown;
    }
    return Possible::boolean(could ? Truth::unknown : Truth::no);
  }

  static Truth equal_values(const Possible& part, const Value& what) {
    bool can_hold = false;
    bool can_fail = false;
    for (const Value& value : part.values()) (equals(value, what) ? can_hold : can_fail) = true;
    return can_hold && can_fail ? Truth::unknown : truth_of(can_hold);
  }

  // The text up to the first part that is not known.
  static Possible formatted(const std::vector<Possible>& arguments) {
    const Value* pattern = arguments[0].known();
    if (pattern == nullptr) return Possible::text("");
    const std::string text = pattern->as_text();
    const std::string prefix = text.substr(0, text.find_first_of("{}"));
    return Possible::text(prefix);
  }

  Possible choose(const Node& node) {
    std::optional<Possible> result;
    const auto add = [&](const Possible& possible) { result = result ? join(*result, possible) : possible; };
    for (std::size_t i = 0; i + 1 < node.children.size(); i += 2) {
      const Possible predicate = value(node.children[i]);
      const Value* known = predicate.known();
      if (known != nullptr && known->kind() != ValueKind::boolean) return Possible::anything();
      if (known != nullptr && !known->boolean()) continue;
      add(value(node.children[i + 1]));
      if (known != nullptr) return *result;
    }
    add(value(node.children.back()));
    return *result;
  }

  const PartialContexts& contexts_;
};

}  // namespace

const Possible& PartialContexts::find(std::string_view name) const {
  const std::string key = upper(name);
  const PartialContexts* contexts = this;
  while (true) {
    const auto found = contexts->named.members.find(key);
    if (found != contexts->named.members.end()) return found->second;
    if (contexts->outer == nullptr) return contexts->named.others;
    contexts = contexts->outer;
  }
}

PartialContexts in_front_of(const PartialContexts& outer) {
  PartialContexts contexts;
  contexts.status = outer.status;
  contexts.outer = &outer;
  return contexts;
}

Possible abstract(const Node& node, const PartialContexts& contexts) {
  return Abstraction(contexts).value(node);
}

}  // namespace exitgate::expression
