#include "harness/collect/ci/actions/symbols.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "harness/base/text.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Node;
using expression::NodeKind;
using expression::Value;

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

std::string literal(const Value& value) {
  return value.kind() == expression::ValueKind::string ? quoted(value.as_text())
         : value.is_null()                             ? std::string("null")
                                                       : value.as_text();
}

// `github.event.number` as "github.event.number", in small letters; nullopt for what is not a chain of literal members.
std::optional<std::string> path_of(const Node& node) {
  if (node.kind == NodeKind::name) return node.text;
  if (node.kind != NodeKind::index || node.children[1].kind != NodeKind::literal) return std::nullopt;
  const Value& at = node.children[1].value;
  auto path = path_of(node.children[0]);
  if (!path || !at.is_primitive()) return std::nullopt;
  return *path + '.' + lower(at.as_text());
}

bool is_plain(std::string_view name) {
  return !name.empty() &&
         std::all_of(name.begin(), name.end(),
                     [](const char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
                     }) &&
         !(name[0] >= '0' && name[0] <= '9') && name[0] != '-';
}

class Normalizer {
 public:
  explicit Normalizer(const SymbolScope& scope) : scope_(scope) {}

  bool constant() const { return constant_; }

  std::string text(const Node& node) {
    if (const auto value = known(node)) return literal(*value);
    switch (node.kind) {
      case NodeKind::literal:
        return literal(node.value);
      case NodeKind::name:
        return leaf(node.text);
      case NodeKind::call:
        return call(node);
      case NodeKind::index:
        return member(node);
      case NodeKind::star:
        return text(node.children[0]) + ".*";
      case NodeKind::negation:
        return "!" + text(node.children[0]);
      case NodeKind::comparison:
        return '(' + text(node.children[0]) + ' ' + node.text + ' ' + text(node.children[1]) + ')';
      case NodeKind::conjunction:
      case NodeKind::disjunction:
        return chain(node);
    }
    return "";
  }

  std::optional<Value> known(const Node& node) const {
    const Possible possible = expression::abstract(node, *scope_.contexts);
    const Value* value = possible.known();
    if (value == nullptr || !value->is_primitive()) return std::nullopt;
    return *value;
  }

  // The operands that can decide a chain.
  std::vector<const Node*> deciding(const Node& node) const {
    const Truth passed_over = node.kind == NodeKind::disjunction ? Truth::no : Truth::yes;
    std::vector<const Node*> left;
    for (std::size_t i = 0; i < node.children.size(); ++i) {
      const Node& child = node.children[i];
      const bool last = i + 1 == node.children.size();
      const Truth truth = last ? Truth::unknown : expression::abstract(child, *scope_.contexts).truth();
      if (truth == passed_over) continue;
      left.push_back(&child);
      if (truth != Truth::unknown) break;
    }
    return left;
  }

 private:
  std::string chain(const Node& node) {
    const auto left = deciding(node);
    std::string all;
    for (const Node* child : left) {
      if (!all.empty()) all += node.kind == NodeKind::disjunction ? " || " : " && ";
      all += text(*child);
    }
    return left.size() == 1 ? all : '(' + all + ')';
  }

  std::string call(const Node& node) {
    if (node.text == "success" || node.text == "failure" || node.text == "cancelled") {
      if (scope_.status.empty()) return node.text + "()";
      return '(' + scope_.status + " == '" + node.text + "')";
    }
    std::string arguments;
    for (const Node& child : node.children) arguments += (arguments.empty() ? "" : ", ") + text(child);
    if (node.text != "hashfiles") return node.text + '(' + arguments + ')';
    constant_ = false;
    return "hashfiles_" + scope_.job + '[' + quoted(arguments) + ']';
  }

  // A context, under a name of its own where not all of the run share it.
  std::string leaf(std::string_view context) {
    const auto& run = scope_.dialect->run_contexts;
    if (std::find(run.begin(), run.end(), context) != run.end()) return std::string(run.front());
    if (context == "needs") return scope_.call.empty() ? "needs" : "needs_" + scope_.call;
    if (context == "inputs") return scope_.call.empty() ? "inputs" : "inputs_" + scope_.call;
    if (context == "vars" || context == "secrets") {
      return scope_.environment.empty() ? std::string(context)
                                        : std::string(context) + '[' + quoted(scope_.environment) + ']';
    }
    constant_ = false;
    return std::string(context) + '_' + scope_.job;
  }

  std::string member(const Node& node) {
    const Node& at = node.children[1];
    if (const auto path = path_of(node)) {
      const auto found = scope_.symbols->find(expression::upper(*path));
      if (found != scope_.symbols->end()) {
        constant_ = constant_ && found->second.constant;
        return found->second.expression();
      }
      // Of the run's own context, what describes the step or the runner.
      constexpr std::string_view kOwn[] = {
          "action", "action_path", "action_ref", "action_repository", "action_status",   "workspace",
          "env",    "path",        "job",        "job_workflow_sha",  "job_workflow_ref"};
      const auto& run = scope_.dialect->run_contexts;
      const Node& what = node.children[0];
      if (what.kind == NodeKind::name && std::find(run.begin(), run.end(), what.text) != run.end() &&
          std::find(std::begin(kOwn), std::end(kOwn), path->substr(path->find('.') + 1)) != std::end(kOwn)) {
        constant_ = false;
        return std::string(run.front()) + '_' + scope_.job + path->substr(path->find('.'));
      }
    }
    const std::string what = text(node.children[0]);
    if (at.kind == NodeKind::literal && at.value.kind() == expression::ValueKind::string) {
      const std::string name = lower(at.value.as_text());
      if (is_plain(name)) return what + '.' + name;
      return what + '[' + quoted(name) + ']';
    }
    return what + '[' + text(at) + ']';
  }

  const SymbolScope& scope_;
  bool constant_ = true;
};

void append(Symbol& into, bool known, std::string text) {
  if (known && text.empty()) return;
  if (known && !into.parts.empty() && into.parts.back().known) {
    into.parts.back().text += text;
  } else {
    into.parts.push_back({known, std::move(text)});
  }
}

void append(Symbol& into, const Symbol& from) {
  for (const SymbolPart& part : from.parts) append(into, part.known, part.text);
  into.constant = into.constant && from.constant;
}

// format('a-{0}', x), which is also how the reader keeps `a-${{ x }}`; false where the pattern is not as it has to be.
bool append_format(const Node& node, const SymbolScope& scope, Symbol& symbol) {
  const std::string pattern = node.children[0].value.as_text();
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const char c = pattern[i];
    if ((c == '{' || c == '}') && i + 1 < pattern.size() && pattern[i + 1] == c) {
      append(symbol, true, std::string(1, pattern[++i]));
    } else if (c != '{') {
      append(symbol, true, std::string(1, c));
    } else {
      const std::size_t close = pattern.find('}', i);
      std::size_t part = 0;
      const char* const text = pattern.data();
      if (close == std::string::npos ||
          std::from_chars(text + i + 1, text + close, part).ptr != text + close ||
          part + 1 >= node.children.size()) {
        return false;
      }
      append(symbol, symbol_of(node.children[part + 1], scope));
      i = close;
    }
  }
  return true;
}

}  // namespace

bool Symbol::known() const {
  return parts.empty() || (parts.size() == 1 && parts[0].known);
}

std::string Symbol::text() const {
  std::string all;
  for (const SymbolPart& part : parts) all += part.known ? part.text : "${{ " + part.text + " }}";
  return all;
}

std::string Symbol::glob() const {
  std::string all;
  for (const SymbolPart& part : parts) {
    if (part.known) {
      all += part.text;
    } else if (!all.ends_with('*')) {
      all += '*';
    }
  }
  return all;
}

std::string Symbol::expression() const {
  if (parts.size() == 1 && !parts[0].known) return parts[0].text;
  if (known()) return quoted(text());
  std::string pattern;
  std::string arguments;
  std::size_t count = 0;
  for (const SymbolPart& part : parts) {
    if (part.known) {
      for (const char c : part.text) pattern += c == '{' || c == '}' ? std::string(2, c) : std::string(1, c);
    } else {
      pattern += '{' + std::to_string(count++) + '}';
      arguments += ", " + part.text;
    }
  }
  return "format(" + quoted(pattern) + arguments + ')';
}

std::string Symbol::unknown() const {
  std::string all;
  for (const SymbolPart& part : parts) {
    if (!part.known) all += (all.empty() ? "" : ", ") + part.text;
  }
  return all;
}

const Node* Templates::read(const std::string& text) {
  const auto [at, is_new] = read_.try_emplace(text);
  if (is_new) {
    try {
      at->second = expression::read_template(text);
    } catch (const expression::SyntaxError&) {
      at->second = std::nullopt;
    }
  }
  return at->second ? &*at->second : nullptr;
}

Symbol symbol_of(const Node& node, const SymbolScope& scope) {
  Symbol symbol;
  Normalizer normalizer(scope);
  if (const auto value = normalizer.known(node)) {
    append(symbol, true, value->as_text());
    return symbol;
  }
  if (node.kind == NodeKind::call && node.text == "format" && !node.children.empty() &&
      node.children[0].kind == NodeKind::literal && append_format(node, scope, symbol)) {
    return symbol;
  }
  symbol = {};
  if (node.kind == NodeKind::conjunction || node.kind == NodeKind::disjunction) {
    const auto left = normalizer.deciding(node);
    if (left.size() == 1) return symbol_of(*left[0], scope);
  }
  if (const auto path = path_of(node)) {
    const auto found = scope.symbols->find(expression::upper(*path));
    if (found != scope.symbols->end()) return found->second;
  }
  std::string text = normalizer.text(node);
  symbol.constant = normalizer.constant();
  append(symbol, false, std::move(text));
  return symbol;
}

Symbol symbol_of(const std::string& text, Templates& templates, const SymbolScope& scope) {
  Symbol symbol;
  if (!expression::has_expression(text)) {
    append(symbol, true, text);
    return symbol;
  }
  if (const Node* node = templates.read(text)) return symbol_of(*node, scope);
  symbol.constant = false;
  append(symbol, false, text);
  return symbol;
}

std::string normalized(const Node& node, const SymbolScope& scope) {
  return Normalizer(scope).text(node);
}

}  // namespace exitgate::collect::ci::actions
