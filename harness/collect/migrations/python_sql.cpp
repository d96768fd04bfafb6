#include "harness/collect/migrations/python_sql.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

constexpr int kDeepest = 16;
using Texts = std::optional<std::vector<SqlText>>;

std::string gap(std::size_t number) {
  return fmt::format("exitgate_gap_{}_", number);
}

void fill(SqlText& text, std::string source) {
  text.text += gap(text.gaps.size());
  text.gaps.push_back(std::move(source));
}

void append(SqlText& text, const SqlText& more) {
  std::string renumbered = more.text;
  // From the last: a later number is never a part of an earlier one's text.
  for (std::size_t i = more.gaps.size(); i-- > 0;) {
    const std::string old = gap(i);
    const std::string now = gap(text.gaps.size() + i);
    for (std::size_t at = 0; (at = renumbered.find(old, at)) != std::string::npos; at += now.size())
      renumbered.replace(at, old.size(), now);
  }
  text.text += renumbered;
  text.gaps.insert(text.gaps.end(), more.gaps.begin(), more.gaps.end());
}

// One string literal: prefix, quotes, escapes and interpolations.
std::optional<SqlText> string_text(const Tree& tree, Id string) {
  const std::string_view source = tree.text(string);
  const std::size_t quote = source.find_first_of("'\"");
  if (quote == std::string_view::npos) return std::nullopt;
  const bool raw = source.substr(0, quote).find_first_of("rR") != std::string_view::npos;
  const bool formatted = source.substr(0, quote).find_first_of("fF") != std::string_view::npos;
  const std::string_view rest = source.substr(quote);
  const std::size_t length = rest.size() >= 6 && rest[1] == rest[0] && rest[2] == rest[0] ? 3 : 1;
  if (rest.size() < 2 * length) return std::nullopt;
  const std::size_t begin = tree[string].start + quote + length;
  const std::size_t end = tree[string].end - length;
  std::vector<Id> interpolations;
  for (const Id child : tree.children(string)) {
    if (tree.is(child, Kind::interpolation)) interpolations.push_back(child);
  }
  SqlText text;
  text.line = tree.line(string);
  auto next = interpolations.begin();
  for (std::size_t at = begin; at < end;) {
    if (next != interpolations.end() && at == tree[*next].start) {
      const std::string_view whole = tree.text(*next);
      fill(text, std::string(trim(whole.substr(1, whole.size() < 2 ? 0 : whole.size() - 2))));
      at = std::max<std::size_t>(tree[*next].end, at + 1);
      ++next;
      continue;
    }
    const char c = tree.source()[at];
    const char after = at + 1 < end ? tree.source()[at + 1] : '\0';
    if (formatted && (c == '{' || c == '}') && after == c) {
      text.text += c;
      at += 2;
    } else if (!raw && c == '\\') {
      if (after == 'n')
        text.text += '\n';
      else if (after == 't')
        text.text += '\t';
      else if (after == '\\' || after == '\'' || after == '"')
        text.text += after;
      else if (after != '\n')
        return std::nullopt;
      at += 2;
    } else {
      text.text += c;
      ++at;
    }
  }
  return text;
}

// "%s", "%(name)s", "%d" of the `%` operator.
SqlText with_percent(const SqlText& before) {
  SqlText text;
  text.line = before.line;
  for (std::size_t i = 0; i < before.text.size(); ++i) {
    if (before.text[i] != '%' || i + 1 >= before.text.size()) {
      text.text += before.text[i];
      continue;
    }
    std::size_t end = i + 1;
    if (before.text[end] == '%') {
      text.text += '%';
    } else {
      if (before.text[end] == '(') end = std::min(before.text.find(')', end), before.text.size() - 1) + 1;
      fill(text, before.text.substr(i, end + 1 - i));
    }
    i = end;
  }
  return text;
}

// "{}", "{name}" of str.format().
SqlText with_format(const SqlText& before) {
  SqlText text;
  text.line = before.line;
  for (std::size_t i = 0; i < before.text.size(); ++i) {
    const char c = before.text[i];
    const bool doubled = i + 1 < before.text.size() && before.text[i + 1] == c;
    if ((c == '{' || c == '}') && doubled) {
      text.text += c;
      ++i;
    } else if (c == '{') {
      const std::size_t end = std::min(before.text.find('}', i), before.text.size());
      fill(text, before.text.substr(i + 1, end - i - 1));
      i = end;
    } else {
      text.text += c;
    }
  }
  return text;
}

class Resolver {
 public:
  Resolver(const Tree& tree, const Names& names) : tree_(tree), names_(names) {}

  Texts texts(Id expression, int depth) const {
    expression = inner(tree_, expression);
    if (expression == kNoNode || depth <= 0) return std::nullopt;
    tree_.spend(1);
    switch (tree_.kind(expression)) {
      case Kind::string:
        return one(string_text(tree_, expression));
      case Kind::concatenated_string:
        return all_of(tree_.children(expression), depth);
      case Kind::identifier:
        return of_name(expression, depth);
      case Kind::call:
        return of_call(expression, depth);
      default:
        return of_operator(expression, depth);
    }
  }

 private:
  static Texts one(std::optional<SqlText> text) {
    if (!text) return std::nullopt;
    return std::vector<SqlText>{std::move(*text)};
  }

  // One after the other, each known as one text.
  Texts all_of(const std::vector<Id>& parts, int depth) const {
    SqlText whole;
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const auto part = texts(parts[i], depth - 1);
      if (!part || part->size() != 1) return std::nullopt;
      if (i == 0) whole.line = part->front().line;
      append(whole, part->front());
    }
    return one(std::move(whole));
  }

  Texts of_name(Id name, int depth) const {
    const auto values = names_.values(name);
    if (values.empty()) return of_loop(name, depth);
    std::vector<SqlText> found;
    for (const Id value : values) {
      const auto texts_of_value = texts(value, depth - 1);
      if (!texts_of_value) return std::nullopt;
      found.insert(found.end(), texts_of_value->begin(), texts_of_value->end());
    }
    return found;
  }

  // `for statement in ("…", "…"):` around it.
  Texts of_loop(Id name, int depth) const {
    for (Id at = tree_.parent(name); at != kNoNode; at = tree_.parent(at)) {
      tree_.spend(1);
      if (!tree_.is(at, Kind::for_statement)) continue;
      const Id left = tree_.child(at, Field::left);
      if (!tree_.is(left, Kind::identifier) || tree_.text(left) != tree_.text(name)) continue;
      return of_list(tree_.child(at, Field::right), depth - 1);
    }
    return std::nullopt;
  }

  Texts of_list(Id expression, int depth) const {
    expression = inner(tree_, expression);
    if (depth <= 0) return std::nullopt;
    if (tree_.is(expression, Kind::identifier)) {
      const auto values = names_.values(expression);
      return values.size() == 1 ? of_list(values[0], depth - 1) : std::nullopt;
    }
    if (!tree_.is(expression, Kind::list) && !tree_.is(expression, Kind::tuple) &&
        !tree_.is(expression, Kind::set))
      return std::nullopt;
    std::vector<SqlText> found;
    for (const Id item : tree_.children(expression)) {
      const auto text = texts(item, depth - 1);
      if (!text) return std::nullopt;
      found.insert(found.end(), text->begin(), text->end());
    }
    return found;
  }

  // text("…"), text("…").bindparams(…), "…".format(…), textwrap.dedent("…"), "…".strip().
  Texts of_call(Id call, int depth) const {
    const Id function = inner(tree_, tree_.child(call, Field::function));
    const auto arguments = tree_.children(tree_.child(call, Field::arguments));
    for (const auto& path : names_.paths(function)) {
      const std::string name = path.substr(path.rfind('.') + 1);
      if ((name == "text" || name == "DDL" || name == "dedent" || name == "cleandoc") && !arguments.empty())
        return texts(arguments[0], depth - 1);
    }
    if (!tree_.is(function, Kind::attribute)) return std::nullopt;
    const std::string_view method = tree_.text(tree_.child(function, Field::attribute));
    const Id object = tree_.child(function, Field::object);
    if (method == "bindparams" || method == "execution_options" || method == "strip" || method == "columns")
      return texts(object, depth - 1);
    if (method != "format") return std::nullopt;
    auto found = texts(object, depth - 1);
    if (!found) return std::nullopt;
    for (auto& text : *found) text = with_format(text);
    return found;
  }

  // `a + b`, `"…" % x`.
  Texts of_operator(Id expression, int depth) const {
    const Id operation = tree_.child(expression, Field::operator_);
    if (operation == kNoNode) return std::nullopt;
    const Id left = tree_.child(expression, Field::left);
    const Id right = tree_.child(expression, Field::right);
    if (tree_.text(operation) == "+") {
      const auto known = texts(left, depth - 1);
      const auto more = texts(right, depth - 1);
      if (!known && !more) return std::nullopt;
      SqlText whole;
      whole.line = tree_.line(expression);
      for (const auto& [part, side] : {std::pair(&known, left), std::pair(&more, right)}) {
        if (*part && (*part)->size() == 1) {
          append(whole, (*part)->front());
        } else {
          fill(whole, tree_.flat_text(side));
        }
      }
      return one(std::move(whole));
    }
    if (tree_.text(operation) != "%") return std::nullopt;
    auto found = texts(left, depth - 1);
    if (!found) return std::nullopt;
    for (auto& text : *found) text = with_percent(text);
    return found;
  }

  const Tree& tree_;
  const Names& names_;
};

}  // namespace

std::string SqlText::shown(std::string shown_text) const {
  for (std::size_t i = gaps.size(); i-- > 0;) {
    const std::string mark = gap(i);
    const std::string source = "{" + gaps[i] + "}";
    for (std::size_t at = 0; (at = shown_text.find(mark, at)) != std::string::npos; at += source.size())
      shown_text.replace(at, mark.size(), source);
  }
  return shown_text;
}

std::optional<std::vector<SqlText>> sql_texts(const Tree& tree, const Names& names, Id expression) {
  return Resolver(tree, names).texts(expression, kDeepest);
}

}  // namespace exitgate::collect
