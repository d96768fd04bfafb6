#include "harness/collect/schema/catalog.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/digest/digest.h"

namespace exitgate::collect::schema {

namespace {

bool is_plain(std::string_view name) {
  if (name.empty() || (name[0] >= '0' && name[0] <= '9')) return false;
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// "a=r*w/b": what `grantee` may do, each by whom and whether it may be passed on.
struct Privilege {
  std::string grantee;
  std::string grantor;
  char letter = '\0';
  bool grantable = false;
  bool operator<(const Privilege& other) const {
    return std::tie(grantee, grantor, letter, grantable) <
           std::tie(other.grantee, other.grantor, other.letter, other.grantable);
  }
};

std::string_view privilege_name(char letter) {
  switch (letter) {
    case 'r':
      return "SELECT";
    case 'a':
      return "INSERT";
    case 'w':
      return "UPDATE";
    case 'd':
      return "DELETE";
    case 'D':
      return "TRUNCATE";
    case 'x':
      return "REFERENCES";
    case 't':
      return "TRIGGER";
    case 'X':
      return "EXECUTE";
    case 'U':
      return "USAGE";
    case 'C':
      return "CREATE";
    case 'c':
      return "CONNECT";
    case 'T':
      return "TEMPORARY";
    case 's':
      return "SET";
    case 'A':
      return "ALTER SYSTEM";
    case 'm':
      return "MAINTAIN";
    default:
      return "";
  }
}

// A role's name at the start of `text`, which is shortened by it.
std::string take_role(std::string_view& text) {
  std::string name;
  if (text.empty() || text[0] != '"') {
    const std::size_t end = text.find_first_of("=/");
    name = text.substr(0, end);
    text.remove_prefix(std::min(end, text.size()));
    return name;
  }
  std::size_t at = 1;
  for (; at < text.size(); ++at) {
    if (text[at] == '"') {
      if (at + 1 >= text.size() || text[at + 1] != '"') break;
      ++at;
    }
    name += text[at];
  }
  text.remove_prefix(std::min(at + 1, text.size()));
  return name;
}

std::vector<Privilege> privileges_of(std::string_view acl) {
  std::vector<Privilege> result;
  for (const auto& item : array_elements(acl)) {
    std::string_view rest = item;
    const std::string grantee = take_role(rest);
    if (!rest.empty()) rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    std::string_view letters = rest.substr(0, slash);
    rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
    const std::string grantor = take_role(rest);
    for (std::size_t at = 0; at < letters.size(); ++at) {
      if (letters[at] == '*') continue;
      result.push_back({grantee, grantor, letters[at], at + 1 < letters.size() && letters[at + 1] == '*'});
    }
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

std::string_view relation_kind(char kind) {
  switch (kind) {
    case 'r':
    case 'p':
      return "table";
    case 'f':
      return "foreign table";
    case 'v':
      return "view";
    case 'm':
      return "materialized view";
    case 'S':
      return "sequence";
    case 'c':
      return "type";
    default:
      return "relation";
  }
}

std::string quoted(std::string_view name) {
  if (is_plain(name)) return std::string(name);
  std::string result = "\"";
  for (const char c : name) {
    if (c == '"') result += '"';
    result += c;
  }
  return result + "\"";
}

std::string literal(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c;
  }
  return result + "'";
}

std::vector<std::string> array_elements(std::string_view text) {
  std::vector<std::string> result;
  if (text.size() < 2 || text.front() != '{' || text == "{}") return result;
  text = text.substr(1, text.size() - 2);
  std::string element;
  bool in_quotes = false;
  bool was_quoted = false;
  const auto finish = [&] {
    result.push_back(!was_quoted && element == "NULL" ? "" : element);
    element.clear();
    was_quoted = false;
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\\' && at + 1 < text.size()) {
      element += text[++at];
    } else if (c == '"') {
      in_quotes = !in_quotes;
      was_quoted = true;
    } else if (c == ',' && !in_quotes) {
      finish();
    } else {
      element += c;
    }
  }
  finish();
  return result;
}

std::string sorted_options(std::string_view array) {
  auto options = array_elements(array);
  std::sort(options.begin(), options.end());
  return join(options, ", ");
}

void Reader::ask(std::string name, std::string sql, std::function<void(const CatalogRow&)> each,
                 std::function<void()> done) {
  questions_.push_back({std::move(name), std::move(sql), std::move(each), std::move(done)});
}

void Reader::run(database::Connection& connection) {
  std::vector<std::pair<std::string, std::string>> queries;
  queries.reserve(questions_.size());
  for (const auto& question : questions_) queries.emplace_back(question.name, question.sql);
  std::size_t at = 0;
  const auto finish_until = [&](std::size_t position) {
    for (; at < position; ++at) {
      if (questions_[at].done) questions_[at].done();
    }
  };
  connection.stream_all(queries, [&](std::size_t position, const database::StreamedRow& row) {
    finish_until(position);
    questions_[position].each(CatalogRow(row));
  });
  finish_until(questions_.size());
  for (const auto& work : afterwards_) work();
}

std::string Reader::in_sql(std::string_view name) const {
  if (key_words.find(name) != key_words.end()) return fmt::format("\"{}\"", name);
  return schema::quoted(name);
}

std::string Reader::in_sql(std::string_view namespace_name, std::string_view name) const {
  return fmt::format("{}.{}", in_sql(namespace_name), in_sql(name));
}

std::string Reader::readable(std::string_view column) const {
  return unreadable_.find(column) == unreadable_.end() ? std::string(column) : "NULL";
}

std::string Reader::role(Oid oid) const {
  if (oid == 0) return "PUBLIC";
  const auto found = roles.find(oid);
  return found == roles.end() ? fmt::format("(dropped role {})", oid) : schema::quoted(found->second);
}

std::string Reader::namespace_of(Oid oid) const {
  const auto found = namespaces.find(oid);
  return found == namespaces.end() ? fmt::format("(dropped schema {})", oid) : found->second;
}

std::string Reader::in_namespace(Oid oid, std::string_view name) const {
  return schema::quoted(namespace_of(oid)) + "." + schema::quoted(name);
}

void Reader::describe(Catalog catalog, Oid oid, int sub, std::string_view kind, const std::string& identity) {
  const std::tuple<Oid, Oid, int> key{catalog, oid, sub};
  if (commented_.count(key) != 0) described_[key] = {std::string(kind), identity};
}

const std::pair<std::string, std::string>* Reader::described(Oid catalog, Oid oid, int sub) const {
  const auto found = described_.find({catalog, oid, sub});
  return found == described_.end() ? nullptr : &found->second;
}

void Reader::add(Object object, Catalog catalog, Oid oid, int sub) {
  describe(catalog, oid, sub, object.kind, object.identity);
  object.sha256 = digest::sha256_hex(object.definition);  // here, while the server is at the next rows
  objects.push_back(std::move(object));
}

void Reader::add_owner(std::string_view kind, const std::string& identity,
                       const std::optional<std::string>& namespace_name, std::string_view name, Oid owner) {
  std::string of = identity.empty() ? std::string(kind) : fmt::format("{} {}", kind, identity);
  objects.push_back({"owner", namespace_name, std::string(name), of, role(owner), "", std::move(of)});
}

void Reader::add_grants(std::string_view kind, const std::string& identity,
                        const std::optional<std::string>& namespace_name, std::string_view name, Oid owner,
                        std::string_view granted, std::string_view standard) {
  if (granted.empty()) return;
  const auto has = privileges_of(granted);
  const auto normal = privileges_of(standard);
  const auto owner_name = roles.find(owner);
  std::map<std::string, std::vector<std::string>> words;
  const auto say = [&](const Privilege& privilege, std::string_view before) {
    const bool by_owner = owner_name != roles.end() && privilege.grantor == owner_name->second;
    words[privilege.grantee].push_back(fmt::format(
        "{}{}{}{}", before, privilege_name(privilege.letter), privilege.grantable ? " WITH GRANT OPTION" : "",
        by_owner ? "" : fmt::format(" GRANTED BY {}", schema::quoted(privilege.grantor))));
  };
  for (const auto& privilege : has) {
    if (!std::binary_search(normal.begin(), normal.end(), privilege)) say(privilege, "");
  }
  for (const auto& privilege : normal) {
    const bool kept = std::any_of(has.begin(), has.end(), [&](const Privilege& other) {
      return other.grantee == privilege.grantee && other.letter == privilege.letter;
    });
    if (!kept) say(privilege, "REVOKED ");
  }
  const std::string of = identity.empty() ? std::string(kind) : fmt::format("{} {}", kind, identity);
  for (auto& [grantee, rights] : words) {
    std::sort(rights.begin(), rights.end());
    objects.push_back({"grant", namespace_name, std::string(name),
                       fmt::format("{} to {}", of, grantee.empty() ? "PUBLIC" : schema::quoted(grantee)),
                       join(rights, ", "), "", of});
  }
}

}  // namespace exitgate::collect::schema
