#include "harness/asked/syntax_query.h"

#include <fmt/core.h>
#include <tree_sitter/api.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/check/check.h"

namespace exitgate::asked {

namespace {

constexpr std::uint32_t kMatchLimit = 4096;  // that may be open at once
constexpr std::string_view kFinding = "finding";

const std::vector<std::string>& predicate_names() {
  static const std::vector<std::string> names = {"eq?",     "not-eq?",    "any-eq?",    "any-not-eq?",
                                                 "match?",  "not-match?", "any-match?", "any-not-match?",
                                                 "any-of?", "not-any-of?"};
  return names;
}

std::string_view text_of(TSNode node, std::string_view text) {
  const auto start = ts_node_start_byte(node);
  return text.substr(start, ts_node_end_byte(node) - start);
}

struct CursorEnd {
  void operator()(TSQueryCursor* cursor) const { ts_query_cursor_delete(cursor); }
};

std::string_view error_name(TSQueryError error) {
  switch (error) {
    case TSQueryErrorNodeType:
      return "there is no such node in the grammar";
    case TSQueryErrorField:
      return "there is no such field in the grammar";
    case TSQueryErrorCapture:
      return "there is no such capture";
    case TSQueryErrorStructure:
      return "the grammar has no such nodes in each other";
    default:
      return "this is not the syntax of a query";
  }
}

}  // namespace

void SyntaxQuery::fail(std::uint32_t offset, const std::string& why, const std::string& hint) const {
  const auto before = std::string_view(text_).substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n');
  const auto column = start == std::string_view::npos ? offset + 1 : offset - start;
  throw check::ParameterError("query",
                              fmt::format("parameter 'query', line {}, column {}: {}", line, column, why),
                              hint.empty() ? "`tree-sitter parse FILE` shows the nodes of a file" : hint);
}

SyntaxQuery::SyntaxQuery(const syntax::Language& language, const std::string& text) : text_(text) {
  check_escapes();
  std::uint32_t offset = 0;
  TSQueryError error = TSQueryErrorNone;
  query_ = std::shared_ptr<TSQuery>(
      ts_query_new(language.grammar(), text.data(), static_cast<std::uint32_t>(text.size()), &offset, &error),
      [](TSQuery* query) {
        if (query != nullptr) ts_query_delete(query);
      });
  if (query_ == nullptr) {
    const auto rest = std::string_view(text_).substr(offset);
    const auto word = rest.substr(0, rest.find_first_of(" \t\n()[]"));
    fail(offset,
         word.empty() ? std::string(error_name(error)) : fmt::format("'{}': {}", word, error_name(error)));
  }
  for (std::uint32_t i = 0; i < ts_query_capture_count(query_.get()); ++i) {
    std::uint32_t length = 0;
    const char* name = ts_query_capture_name_for_id(query_.get(), i, &length);
    names_.emplace_back(name, length);
  }
  if (names_.empty())
    fail(0, "it captures nothing, so that a finding would have no place", "write (call) @finding");
  for (std::uint32_t i = 0; i < ts_query_pattern_count(query_.get()); ++i) read_predicates(i);
}

// `\s` in a string of a query is the letter, and a regular expression would silently be another one.
void SyntaxQuery::check_escapes() const {
  bool in_string = false;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '"') in_string = !in_string;
    if (!in_string && text_[i] == ';') i = std::min(text_.find('\n', i), text_.size() - 1);
    if (!in_string || text_[i] != '\\' || i + 1 == text_.size()) continue;
    const char next = text_[++i];
    if (std::string_view("\\\"ntr0").find(next) == std::string_view::npos) {
      fail(static_cast<std::uint32_t>(i - 1), fmt::format("'\\{0}' in a string of a query is '{0}'", next),
           fmt::format(
               "write '\\\\{}': the query takes one backslash, and the regular expression gets the other",
               next));
    }
  }
}

void SyntaxQuery::read_predicates(std::uint32_t pattern) {
  std::uint32_t count = 0;
  const auto* steps = ts_query_predicates_for_pattern(query_.get(), pattern, &count);
  const auto offset = ts_query_start_byte_for_pattern(query_.get(), pattern);
  auto& all = predicates_.emplace_back();
  std::vector<Operand> operands;
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& step = steps[i];
    if (step.type == TSQueryPredicateStepTypeDone) {
      const std::string name = operands.empty() ? std::string() : operands.front().text;
      if (!operands.empty()) operands.erase(operands.begin());
      // The predicate itself rather than its pattern, where it is found again.
      const auto at = text_.find("#" + name, offset);
      if (name != "set!")
        all.push_back(make_predicate(name, std::move(operands),
                                     at == std::string::npos ? offset : static_cast<std::uint32_t>(at)));
      operands.clear();
    } else if (step.type == TSQueryPredicateStepTypeCapture) {
      operands.push_back({true, step.value_id, ""});
    } else {
      std::uint32_t length = 0;
      const char* value = ts_query_string_value_for_id(query_.get(), step.value_id, &length);
      operands.push_back({false, 0, std::string(value, length)});
    }
  }
}

SyntaxQuery::Predicate SyntaxQuery::make_predicate(const std::string& name, std::vector<Operand> operands,
                                                   std::uint32_t offset) const {
  const auto& known = predicate_names();
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    fail(offset, fmt::format("unknown predicate '#{}'{}", name, did_you_mean(name, known)),
         "the predicates are #" + join(known, ", #"));
  }
  Predicate predicate;
  std::string_view rest = name;
  if (rest == "any-of?" || rest == "not-any-of?") {
    predicate.kind = Predicate::any_of;
    predicate.negated = rest.starts_with("not-");
  } else {
    predicate.any = rest.starts_with("any-");
    if (predicate.any) rest.remove_prefix(4);
    predicate.negated = rest.starts_with("not-");
    if (predicate.negated) rest.remove_prefix(4);
    predicate.kind = rest == "eq?" ? Predicate::equal : Predicate::match;
  }
  const std::size_t least = 2;
  if (operands.size() < least || !operands.front().is_capture)
    fail(offset, fmt::format("#{} needs a capture and what it is compared with", name),
         "write (#eq? @name \"print\")");
  if (predicate.kind != Predicate::any_of && operands.size() > least)
    fail(offset, fmt::format("#{} compares with one text", name), "write #any-of? for several");
  if (predicate.kind == Predicate::match) {
    if (operands[1].is_capture) fail(offset, fmt::format("#{} needs a regular expression in quotes", name));
    try {
      predicate.pattern =
          std::make_shared<const Pattern>("query", operands[1].text, PatternOptions{false, true});
    } catch (const check::ParameterError& error) {
      fail(offset, fmt::format("#{}: {}", name, error.what()), error.hint());
    }
  }
  predicate.operands = std::move(operands);
  return predicate;
}

// Whether the predicates of a match hold.
struct SyntaxQuery::Holds {
  const TSQueryMatch& match;
  std::string_view text;

  std::vector<std::string_view> nodes(std::uint32_t capture) const {
    std::vector<std::string_view> all;
    for (std::uint16_t i = 0; i < match.capture_count; ++i) {
      if (match.captures[i].index == capture) all.push_back(text_of(match.captures[i].node, text));
    }
    return all;
  }

  bool compare(const Predicate& predicate, std::string_view node) const {
    if (predicate.kind == Predicate::match) return predicate.pattern->occurs_in(node);
    const auto begin = predicate.operands.begin() + 1;
    return std::any_of(begin, predicate.operands.end(), [&](const Operand& operand) {
      if (!operand.is_capture) return operand.text == node;
      const auto others = nodes(operand.capture);
      return std::find(others.begin(), others.end(), node) != others.end();
    });
  }

  bool operator()(const Predicate& predicate) const {
    const auto all = nodes(predicate.operands.front().capture);
    const auto one = [&](std::string_view node) { return compare(predicate, node) != predicate.negated; };
    // A capture that is optional and is not there says nothing against the match.
    return predicate.any && !all.empty() ? std::any_of(all.begin(), all.end(), one)
                                         : std::all_of(all.begin(), all.end(), one);
  }
};

bool SyntaxQuery::each(const TSTree* tree, std::string_view text,
                       const std::function<void(const Match&)>& take) const {
  const std::unique_ptr<TSQueryCursor, CursorEnd> cursor(ts_query_cursor_new());
  ts_query_cursor_set_match_limit(cursor.get(), kMatchLimit);
  ts_query_cursor_exec(cursor.get(), query_.get(), ts_tree_root_node(tree));
  std::vector<Match> all;
  TSQueryMatch match;
  while (ts_query_cursor_next_match(cursor.get(), &match)) {
    if (match.capture_count == 0) continue;
    const auto& predicates = predicates_[match.pattern_index];
    if (!std::all_of(predicates.begin(), predicates.end(), Holds{match, text})) continue;
    Match found;
    const TSQueryCapture* place = &match.captures[0];
    for (std::uint16_t i = 0; i < match.capture_count; ++i) {
      const auto& capture = match.captures[i];
      const std::string& name = names_[capture.index];
      if (name == kFinding && names_[place->index] != kFinding) place = &capture;
      const auto same = [&](const auto& known) { return known.first == name; };
      if (std::none_of(found.captures.begin(), found.captures.end(), same))
        found.captures.emplace_back(name, text_of(capture.node, text));
    }
    found.start = ts_node_start_byte(place->node);
    found.end = ts_node_end_byte(place->node);
    all.push_back(std::move(found));
  }
  std::stable_sort(all.begin(), all.end(), [](const Match& a, const Match& b) { return a.start < b.start; });
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (const auto& one : all) {
    if (seen.emplace(one.start, one.end).second) take(one);
  }
  return !ts_query_cursor_did_exceed_match_limit(cursor.get());
}

}  // namespace exitgate::asked
