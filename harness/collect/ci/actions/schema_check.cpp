#include "harness/collect/ci/actions/schema_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/invalid.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

namespace {

const expression::Syntax& syntax_of(unsigned names, const Dialect& dialect) {
  thread_local std::map<std::pair<const Dialect*, unsigned>, expression::Syntax> all;
  const auto [at, is_new] = all.try_emplace({&dialect, names});
  if (is_new) {
    if ((names & kRun) != 0) {
      for (const std::string_view name : dialect.run_contexts) at->second.names.emplace_back(name);
    }
    for (std::size_t i = 0; i < std::size(kContextNames); ++i) {
      if ((names & (kRun << (i + 1))) != 0) at->second.names.emplace_back(kContextNames[i]);
    }
    at->second.status_functions = (names & (kStatus | kHashFiles)) != 0;
  }
  return at->second;
}

// The first function that is called where there is none of that name, "" for none.
std::string_view misplaced_function(const expression::Node& node, unsigned names) {
  if (node.kind == expression::NodeKind::call) {
    const bool status =
        node.text == "success" || node.text == "failure" || node.text == "always" || node.text == "cancelled";
    if (status && (names & kStatus) == 0) return node.text;
    if (node.text == "hashfiles" && (names & kHashFiles) == 0) return "hashFiles";
  }
  for (const auto& child : node.children) {
    if (const auto name = misplaced_function(child, names); !name.empty()) return name;
  }
  return {};
}

class Walker {
 public:
  Walker(const Dialect& dialect, std::vector<Problem>& problems) : dialect_(dialect), problems_(problems) {}

  void check(const yaml::Node& node, const Shape& shape, unsigned inherited) {
    if (shape.elsewhere) return;
    const unsigned names = shape.names != 0 ? shape.names : inherited;
    if (node.is_mapping()) {
      if (!shape.mapping && !shape.anything) invalid_kind(node, shape);
      return check_mapping(node, shape, names);
    }
    if (node.is_sequence()) {
      if (shape.items == nullptr && !shape.anything) invalid_kind(node, shape);
      if (shape.filled_list && node.items.empty())
        invalid(node.line, fmt::format("{} without a value", shape.what));
      for (const auto& item : node.items) check(item, shape.anything ? shape : *shape.items, names);
      return;
    }
    check_scalar(node, shape, names);
  }

 private:
  [[noreturn]] static void invalid_kind(const yaml::Node& node, const Shape& shape) {
    invalid(node.line, fmt::format("a {} where {} is expected", yaml::kind_name(node.kind), shape.what));
  }

  void check_mapping(const yaml::Node& node, const Shape& shape, unsigned names) {
    if (shape.anything) {
      for (const auto& entry : node.entries) {
        check_expressions(entry.key, names);
        check(entry.value, shape, names);
      }
      return;
    }
    for (const auto& entry : node.entries) {
      key_line_ = entry.key.line;
      const auto known = std::find_if(shape.keys.begin(), shape.keys.end(),
                                      [&](const Key& key) { return key.name == entry.key.text; });
      if (known != shape.keys.end()) {
        check(entry.value, *known->value, names);
      } else if (expression::has_expression(entry.key.text)) {
        // What `${{ insert }}` adds is known only when the job runs.
        if (names == 0 || bare(entry.key.text) != "insert") check_expressions(entry.key, names);
      } else if (shape.others != nullptr) {
        check(entry.value, *shape.others, names);
      } else {
        add_unknown(entry.key, shape);
      }
    }
    for (const Key& key : shape.keys) {
      if (!key.required || node.find(key.name) != nullptr) continue;
      const int line = node.entries.empty() ? node.line : node.entries.front().key.line;
      std::string reason = fmt::format("{} without '{}'", shape.what, key.name);
      if (!key.undecided) invalid(line, std::move(reason));
      problems_.push_back({line, fmt::format("{}: {}", reason, dialect_.missing_key)});
    }
  }

  void add_unknown(const yaml::Node& key, const Shape& shape) {
    if (dialect_.unknown_key.empty()) return;
    std::vector<std::string> known;
    for (const Key& one : shape.keys) known.emplace_back(one.name);
    problems_.push_back({key.line, fmt::format("unknown key '{}' of {}{}: {}", key.text, shape.what,
                                               did_you_mean(key.text, known), dialect_.unknown_key)});
  }

  void check_scalar(const yaml::Node& node, const Shape& shape, unsigned names) {
    if (shape.scalar == Scalar::condition) return check_condition(node, names);
    if (expression::has_expression(node.text)) return check_expressions(node, names);
    if (shape.anything) return;
    bool fits = false;
    switch (shape.scalar) {
      case Scalar::none:
        break;
      case Scalar::text:
      case Scalar::condition:
        fits = true;
        break;
      case Scalar::filled:
        fits = !node.is_null() && !node.text.empty();
        break;
      case Scalar::boolean:
        fits = node.kind == yaml::Kind::boolean;
        break;
      case Scalar::number:
        fits = node.kind == yaml::Kind::integer || node.kind == yaml::Kind::real;
        break;
      case Scalar::null:
        fits = node.is_null();
        break;
    }
    if (fits && !shape.words.empty()) {
      fits = std::find(shape.words.begin(), shape.words.end(), node.text) != shape.words.end();
    }
    if (fits) return;
    // What is not there is at its key, not where the next thing begins.
    if (node.is_null() || node.text.empty())
      invalid(node.is_null() ? key_line_ : node.line,
              fmt::format("nothing where {} is expected", shape.what));
    invalid(node.line, fmt::format("'{}' where {} is expected", shortened(node.text), shape.what));
  }

  static std::string shortened(const std::string& text) {
    constexpr std::size_t kMost = 40;
    return text.size() <= kMost ? text : valid_utf8(text.substr(0, kMost)) + "…";
  }

  void check_condition(const yaml::Node& node, unsigned names) const {
    check_empty_expression(node);
    try {
      check_functions(node.line, expression::read_condition(node.text, syntax_of(names, dialect_)).tree,
                      names);
    } catch (const expression::SyntaxError& error) {
      invalid(node.line, fmt::format("'if' cannot be read: {}", error.what()));
    }
  }

  // What stands in `${{ … }}`, when that is the whole text; else the text.
  static std::string_view bare(std::string_view text) {
    text = trim(text);
    if (text.size() < 5 || !text.starts_with("${{") || !text.ends_with("}}")) return text;
    return trim(text.substr(3, text.size() - 5));
  }

  static void check_empty_expression(const yaml::Node& node) {
    constexpr std::string_view kOpen = "${{";
    for (auto at = node.text.find(kOpen); at != std::string::npos; at = node.text.find(kOpen, at + 1)) {
      const auto next = node.text.find_first_not_of(" \t\n", at + kOpen.size());
      if (next != std::string::npos && node.text.compare(next, 2, "}}") == 0)
        invalid(node.line, "an empty expression '${{ }}'");
    }
  }

  void check_expressions(const yaml::Node& node, unsigned names) const {
    if (!expression::has_expression(node.text)) return;
    check_empty_expression(node);
    const std::size_t longest = dialect_.schema->longest_template;
    if (longest != 0 && node.text.size() > longest) {
      invalid(node.line, fmt::format("a string with expressions of {} characters: {} takes {}",
                                     node.text.size(), dialect_.title, longest));
    }
    try {
      const expression::Node tree = expression::read_template(node.text, syntax_of(names, dialect_));
      // `${{ 'text' }}` is a string.
      if (names == 0 && tree.kind != expression::NodeKind::literal) {
        invalid(node.line, fmt::format("an expression where {} takes none", dialect_.title));
      }
      check_functions(node.line, tree, names);
    } catch (const expression::SyntaxError& error) {
      invalid(node.line, fmt::format("an expression cannot be read: {}", error.what()));
    }
  }

  void check_functions(int line, const expression::Node& tree, unsigned names) const {
    if (const auto name = misplaced_function(tree, names); !name.empty()) {
      invalid(line, fmt::format("function '{}' where {} has none of that name", name, dialect_.title));
    }
  }

  const Dialect& dialect_;
  std::vector<Problem>& problems_;
  int key_line_ = 1;  // of the last key
};

}  // namespace

void check_schema(const yaml::Node& node, const Shape& shape, const Dialect& dialect,
                  std::vector<Problem>& problems) {
  Walker(dialect, problems).check(node, shape, 0);
}

}  // namespace exitgate::collect::ci::actions
