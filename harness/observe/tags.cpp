#include "harness/observe/tags.h"

#include <pg_query.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/characters.h"
#include "harness/observe/targets.h"

namespace exitgate::observe {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

// The text without white space, comments and opening parentheses in front.
std::string_view from_first_word(std::string_view text) {
  for (;;) {
    while (!text.empty() && (is_space(text.front()) || text.front() == '(' || text.front() == ';'))
      text.remove_prefix(1);
    if (text.starts_with("--")) {
      text.remove_prefix(std::min(text.find('\n'), text.size()));
    } else if (text.starts_with("/*")) {
      int depth = 0;
      std::size_t at = 0;
      while (at < text.size()) {
        if (text.substr(at, 2) == "/*") {
          ++depth;
          at += 2;
        } else if (text.substr(at, 2) == "*/") {
          at += 2;
          if (--depth == 0) break;
        } else {
          ++at;
        }
      }
      text.remove_prefix(at);
    } else {
      return text;
    }
  }
}

// The first words, in capitals; what is not a word ends them.
std::vector<std::string> first_words(std::string_view text, std::size_t most) {
  std::vector<std::string> words;
  while (words.size() < most) {
    text = from_first_word(text);
    std::string word;
    while (!text.empty() && is_word_char(text.front())) {
      word += static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
      text.remove_prefix(1);
    }
    if (word.empty()) break;
    words.push_back(std::move(word));
  }
  return words;
}

// Behind CREATE, ALTER and DROP: what belongs to no tag.
constexpr std::array<std::string_view, 12> kPassedOver = {"OR",     "REPLACE", "TEMP",       "TEMPORARY",
                                                          "LOCAL",  "GLOBAL",  "UNLOGGED",   "RECURSIVE",
                                                          "UNIQUE", "TRUSTED", "PROCEDURAL", "CONSTRAINT"};

// Kinds of objects whose name is two words or more.
constexpr std::array<std::string_view, 18> kLongKinds = {"MATERIALIZED VIEW",
                                                         "FOREIGN TABLE",
                                                         "FOREIGN DATA WRAPPER",
                                                         "EVENT TRIGGER",
                                                         "ACCESS METHOD",
                                                         "TEXT SEARCH PARSER",
                                                         "TEXT SEARCH DICTIONARY",
                                                         "TEXT SEARCH TEMPLATE",
                                                         "TEXT SEARCH CONFIGURATION",
                                                         "OPERATOR CLASS",
                                                         "OPERATOR FAMILY",
                                                         "USER MAPPING",
                                                         "LARGE OBJECT",
                                                         "DEFAULT PRIVILEGES",
                                                         "OWNED BY",
                                                         "SYSTEM SET",
                                                         "SYSTEM RESET",
                                                         "DEFAULT CONVERSION"};

std::string tag_of_object(const std::string& verb, const std::vector<std::string>& words) {
  std::size_t at = 1;
  while (at < words.size() &&
         std::find(kPassedOver.begin(), kPassedOver.end(), words[at]) != kPassedOver.end())
    ++at;
  if (at >= words.size()) return verb;
  std::string kind = words[at];
  for (const auto known : kLongKinds) {
    std::string joined = words[at];
    for (std::size_t next = at + 1; next < words.size() && joined.size() < known.size(); ++next)
      joined.append(" ").append(words[next]);
    if (joined == known) kind = known;
  }
  if (kind == "USER" || kind == "GROUP") kind = "ROLE";
  if (kind == "OWNED BY") kind = "OWNED";
  if (kind == "SYSTEM SET" || kind == "SYSTEM RESET") kind = "SYSTEM";
  if (kind == "DEFAULT CONVERSION") kind = "CONVERSION";
  std::string tag = verb;
  tag.append(" ").append(kind);
  if (tag == "CREATE TABLE") {
    // CREATE TABLE name AS: the words end at a parenthesis of columns, which stands in neither form before AS.
    for (std::size_t next = at + 1; next < words.size(); ++next)
      if (words[next] == "AS") return "CREATE TABLE AS";
  }
  return tag;
}

}  // namespace

std::vector<std::string_view> split_statements(std::string_view text) {
  // Most messages hold one: a semicolon that is no more than the last character is looked for first.
  std::string_view bare = text;
  while (!bare.empty() && (is_space(bare.back()) || bare.back() == ';')) bare.remove_suffix(1);
  if (bare.find(';') == std::string_view::npos) return {text};
  const std::string copy(text);
  PgQuerySplitResult parts = pg_query_split_with_parser(copy.c_str());
  if (parts.error != nullptr) {
    pg_query_free_split_result(parts);
    parts = pg_query_split_with_scanner(copy.c_str());
  }
  std::vector<std::string_view> statements;
  if (parts.error == nullptr) {
    for (int i = 0; i < parts.n_stmts; ++i) {
      const auto start = static_cast<std::size_t>(parts.stmts[i]->stmt_location);
      const auto one =
          text.substr(std::min(start, text.size()), static_cast<std::size_t>(parts.stmts[i]->stmt_len));
      if (!from_first_word(one).empty()) statements.push_back(one);
    }
  }
  pg_query_free_split_result(parts);
  if (statements.empty()) statements.push_back(text);
  return statements;
}

std::string tag_by_words(std::string_view statement) {
  const auto words = first_words(statement, 12);
  if (words.empty()) return "";
  const std::string& verb = words[0];
  const std::string second = words.size() > 1 ? words[1] : "";
  if (verb == "CREATE" || verb == "ALTER" || verb == "DROP") return tag_of_object(verb, words);
  if (verb == "TRUNCATE" || verb == "LOCK") return verb + " TABLE";
  if (verb == "END") return "COMMIT";
  if (verb == "ABORT") return "ROLLBACK";
  if (verb == "START") return "START TRANSACTION";
  if (verb == "WITH" || verb == "VALUES" || verb == "TABLE") return "SELECT";
  if (verb == "ANALYSE") return "ANALYZE";
  if (verb == "REFRESH") return "REFRESH MATERIALIZED VIEW";
  if (verb == "REASSIGN") return "REASSIGN OWNED";
  if (verb == "IMPORT") return "IMPORT FOREIGN SCHEMA";
  if (verb == "SECURITY") return "SECURITY LABEL";
  if (verb == "DECLARE" || verb == "CLOSE") return verb + " CURSOR";
  if (verb == "SET" && second == "CONSTRAINTS") return "SET CONSTRAINTS";
  if ((verb == "PREPARE" || verb == "COMMIT" || verb == "ROLLBACK") &&
      (second == "TRANSACTION" || second == "PREPARED")) {
    // COMMIT TRANSACTION is a plain COMMIT.
    if (verb == "PREPARE" || second == "PREPARED") return verb + " " + second;
  }
  return verb;
}

bool fires_event_triggers(std::string_view tag) {
  constexpr std::array<std::string_view, 20> kKinds = {
      "TABLE", "TABLE AS",  "INDEX",      "VIEW",        "MATERIALIZED VIEW", "SEQUENCE", "SCHEMA",
      "TYPE",  "DOMAIN",    "FUNCTION",   "PROCEDURE",   "AGGREGATE",         "TRIGGER",  "POLICY",
      "RULE",  "EXTENSION", "STATISTICS", "PUBLICATION", "FOREIGN TABLE",     "COLLATION"};
  for (const std::string_view verb : {"CREATE ", "ALTER ", "DROP "}) {
    if (tag.starts_with(verb))
      return std::find(kKinds.begin(), kKinds.end(), tag.substr(verb.size())) != kKinds.end();
  }
  return tag == "REFRESH MATERIALIZED VIEW" || tag == "SELECT INTO";
}

Nature nature_of(std::string_view tag, std::string_view statement) {
  constexpr std::array<std::string_view, 26> kControl = {"SET",
                                                         "RESET",
                                                         "SHOW",
                                                         "BEGIN",
                                                         "START TRANSACTION",
                                                         "COMMIT",
                                                         "ROLLBACK",
                                                         "SAVEPOINT",
                                                         "RELEASE",
                                                         "PREPARE",
                                                         "DEALLOCATE",
                                                         "DISCARD",
                                                         "LISTEN",
                                                         "NOTIFY",
                                                         "UNLISTEN",
                                                         "LOAD",
                                                         "CHECKPOINT",
                                                         "SET CONSTRAINTS",
                                                         "DISCARD ALL",
                                                         "PREPARE TRANSACTION",
                                                         "COMMIT PREPARED",
                                                         "ROLLBACK PREPARED",
                                                         "DEALLOCATE ALL",
                                                         "",
                                                         "DISCARD PLANS",
                                                         "DISCARD TEMP"};
  constexpr std::array<std::string_view, 6> kReads = {"FETCH",        "MOVE",  "DECLARE CURSOR",
                                                      "CLOSE CURSOR", "CLOSE", "EXPLAIN"};
  constexpr std::array<std::string_view, 5> kWrites = {"INSERT", "UPDATE", "DELETE", "MERGE",
                                                       "TRUNCATE TABLE"};
  const auto is_one_of = [&](const auto& tags) {
    return std::find(tags.begin(), tags.end(), tag) != tags.end();
  };
  if (is_one_of(kControl)) return Nature::control;
  if (is_one_of(kWrites)) return Nature::writes;
  if (tag == "SELECT" || tag == "COPY" || is_one_of(kReads))
    return writes_inside(tag, statement) ? Nature::writes : Nature::reads;
  return Nature::other;
}

}  // namespace exitgate::observe
