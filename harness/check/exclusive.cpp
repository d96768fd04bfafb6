#include "harness/check/exclusive.h"

#include <algorithm>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "harness/expression/evaluate.h"
#include "harness/expression/syntax.h"

namespace exitgate::check {

namespace {

using expression::Node;
using expression::NodeKind;
using expression::Value;

constexpr std::size_t kMostTrials = 20'000;

// What an atom is called: the text that it was written as.
std::string text_of(const Node& node) {
  std::string text = std::to_string(static_cast<int>(node.kind)) + node.text;
  if (node.kind == NodeKind::literal) {
    text += std::to_string(static_cast<int>(node.value.kind()));
    if (node.value.is_primitive()) text += node.value.as_text();
  }
  text += '(';
  for (const Node& child : node.children) text += text_of(child) + ',';
  return text + ')';
}

// What is not taken apart: members of contexts, and functions of them.
bool is_atom(const Node& node) {
  return node.kind == NodeKind::name || node.kind == NodeKind::index || node.kind == NodeKind::star ||
         node.kind == NodeKind::call;
}

bool is_boolean(const Node& node) {
  return node.kind == NodeKind::call &&
         (node.text == "contains" || node.text == "startswith" || node.text == "endswith");
}

bool is_always(const Node& node) {
  return node.kind == NodeKind::call && node.text == "always";
}

// How a job stands: what other jobs do says nothing of it.
bool is_status(const Node& node) {
  return node.kind == NodeKind::name && node.text.starts_with("status_");
}

struct Atoms {
  std::map<std::string, std::vector<Value>> values;  // that each can have
  std::set<std::string> opaque;                      // those that may have to do with each other
};

void add_value(std::vector<Value>& values, Value value) {
  const bool known =
      std::any_of(values.begin(), values.end(), [&](const Value& one) { return one.same(value); });
  if (!known) values.push_back(std::move(value));
}

void collect(const Node& node, Atoms& atoms) {
  if (is_always(node) || node.kind == NodeKind::literal) return;
  if (is_atom(node)) {
    const std::string name = text_of(node);
    auto& values = atoms.values[name];
    if (!is_status(node)) atoms.opaque.insert(name);
    if (is_boolean(node)) {
      add_value(values, Value(false));
      add_value(values, Value(true));
    } else {
      add_value(values, Value("\x01 any other"));
      if (!is_status(node)) add_value(values, Value(""));
    }
    return;
  }
  if (node.kind == NodeKind::comparison) {
    for (std::size_t i = 0; i < 2; ++i) {
      const Node& side = node.children[i];
      const Node& against = node.children[1 - i];
      if (is_atom(side) && against.kind == NodeKind::literal)
        add_value(atoms.values[text_of(side)], against.value);
      // Numbers on both sides of one that it is ordered by.
      if (is_atom(side) && against.kind == NodeKind::literal && node.text != "==" && node.text != "!=") {
        const double number = against.value.as_number();
        for (const double step : {-1.0, 0.0, 1.0})
          add_value(atoms.values[text_of(side)], Value(number + step));
      }
      // Two that are not known may be equal, or not.
      if (is_atom(side) && is_atom(against))
        add_value(atoms.values[text_of(side)], Value("\x02 yet another"));
    }
  }
  for (const Node& child : node.children) collect(child, atoms);
}

using Assignment = std::map<std::string, const Value*>;

Value evaluate(const Node& node, const Assignment& assignment) {
  if (is_always(node)) return Value(true);
  if (is_atom(node)) {
    const auto found = assignment.find(text_of(node));
    return found == assignment.end() ? Value() : *found->second;
  }
  switch (node.kind) {
    case NodeKind::negation:
      return Value(!evaluate(node.children[0], assignment).truthy());
    case NodeKind::comparison:
      return Value(expression::compare(node.text, evaluate(node.children[0], assignment),
                                       evaluate(node.children[1], assignment)));
    case NodeKind::conjunction:
    case NodeKind::disjunction: {
      Value value;
      for (const Node& child : node.children) {
        value = evaluate(child, assignment);
        if (value.truthy() == (node.kind == NodeKind::disjunction)) break;
      }
      return value;
    }
    default:
      return node.value;
  }
}

bool has_own(const std::set<std::string>& these, const std::set<std::string>& those) {
  return std::any_of(these.begin(), these.end(),
                     [&](const std::string& one) { return !those.contains(one); });
}

}  // namespace

Together can_both_happen(const std::optional<std::string>& one, const std::optional<std::string>& other) {
  if (!one && !other) return Together::can;
  Node first;
  Node second;
  try {
    first = expression::parse(one.value_or("true"));
    second = expression::parse(other.value_or("true"));
  } catch (const expression::SyntaxError&) {
    return Together::perhaps;
  }
  Atoms atoms;
  collect(first, atoms);
  const std::set<std::string> of_first = atoms.opaque;
  Atoms second_atoms;
  collect(second, second_atoms);
  collect(second, atoms);
  // Outputs of two steps may exclude each other, without anything that says so.
  const bool both_know = has_own(of_first, second_atoms.opaque) && has_own(second_atoms.opaque, of_first);
  std::size_t trials = 1;
  for (const auto& [name, values] : atoms.values) {
    trials *= std::max<std::size_t>(1, values.size());
    if (trials > kMostTrials) return Together::perhaps;
  }
  for (std::size_t trial = 0; trial < trials; ++trial) {
    Assignment assignment;
    std::size_t rest = trial;
    for (const auto& [name, values] : atoms.values) {
      assignment.emplace(name, &values[rest % values.size()]);
      rest /= values.size();
    }
    if (evaluate(first, assignment).truthy() && evaluate(second, assignment).truthy()) {
      return both_know ? Together::perhaps : Together::can;
    }
  }
  return Together::never;
}

Together Exclusions::ask(const std::optional<std::string>& one, const std::optional<std::string>& other) {
  if (!one && !other) return Together::can;
  const auto [at, is_new] = known_.try_emplace({one.value_or(""), other.value_or("")}, Together::can);
  if (is_new) at->second = can_both_happen(one, other);
  return at->second;
}

}  // namespace exitgate::check
