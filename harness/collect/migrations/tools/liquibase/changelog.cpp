#include "harness/collect/migrations/tools/liquibase/changelog.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_file.h"
#include "harness/collect/migrations/tools/liquibase/changes.h"
#include "harness/collect/migrations/tools/liquibase/xml.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect {

namespace {

template <typename Attribute>
bool may_be_missing(Attribute&& attribute) {
  return lower(attribute("errorIfMissing")) == "false" ||
         lower(attribute("errorIfMissingOrEmpty")) == "false";
}

// "changeset" for "--changeset" and "-- changeset"; "" for a line that is no comment.
std::string_view comment_of(std::string_view line) {
  line = trim(line);
  if (!line.starts_with("--")) return "";
  return trim(line.substr(2));
}

bool begins_with(std::string_view text, std::string_view word) {
  return lower(text.substr(0, word.size())) == word;
}

// "author:id attribute:value …", either of them in quotes.
void name_change_set(std::string_view text, ChangeSet& set) {
  const auto word = [&](char until) {
    text = trim(text);
    std::string found;
    if (!text.empty() && (text.front() == '"' || text.front() == '\'')) {
      const char quote = text.front();
      const std::size_t end = std::min(text.find(quote, 1), text.size());
      found = text.substr(1, end - 1);
      text.remove_prefix(std::min(end + 1, text.size()));
      const std::size_t mark = text.find(until);
      text.remove_prefix(mark == std::string_view::npos ? text.size() : mark + 1);
      return found;
    }
    const std::size_t end = std::min(text.find(until), text.size());
    found = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return found;
  };
  set.author = word(':');
  set.id = word(' ');
}

// Whether the change set is for PostgreSQL: `dbms:mysql`, `dbms:postgresql,h2`, `dbms:!oracle`.
bool is_for_postgresql(std::string_view attributes) {
  const std::size_t at = attributes.find("dbms:");
  if (at == std::string_view::npos) return true;
  std::string_view list = attributes.substr(at + 5);
  if (list.starts_with("\"")) {
    list.remove_prefix(1);
    list = list.substr(0, list.find('"'));
  } else {
    list = list.substr(0, list.find(' '));
  }
  return runs_on_postgresql(list);
}

ChangeLog read_sql(std::string_view text) {
  ChangeLog log;
  std::optional<ChangeSet> open;
  bool here = true;
  const auto close = [&] {
    if (!open) return;
    if (here) {
      Statements statements;
      add_upgrade(open->text, statements);
      open->statements = statements.take();
      for (auto& one : open->statements) one.line += open->line - 1;
    }
    log.entries.push_back({.change_set = std::move(*open), .include = "", .line = open->line});
    open.reset();
  };
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto comment = comment_of(line);
    if (begins_with(comment, "changeset ")) {
      close();
      open.emplace();
      open->line = number;
      name_change_set(comment.substr(10), *open);
      here = is_for_postgresql(comment);
    }
    if (open) open->text += line + "\n";
  }
  close();
  return log;
}

// --- YAML, and JSON, which is YAML as well.

std::string text_of(const yaml::Node* node) {
  return node == nullptr ? "" : node->text;
}

ChangeSet change_set_of(const yaml::Node& node, std::string_view text) {
  ChangeSet set;
  set.id = text_of(node.find("id"));
  set.author = text_of(node.find("author"));
  set.line = node.line;
  const auto* const dbms = node.find("dbms");
  if (dbms == nullptr || runs_on_postgresql(dbms->text)) set.statements = statements_of_changes(node, text);
  return set;
}

// The lines of a part, up to where the next begins.
std::string lines_of(const std::vector<std::string>& lines, int first, int behind) {
  std::string text;
  for (int at = first; at < behind && at <= static_cast<int>(lines.size()); ++at)
    text += lines[at - 1] + "\n";
  return text;
}

ChangeLog read_yaml(std::string_view text) {
  ChangeLog log;
  try {
    const auto root = yaml::parse(text);
    const auto* const entries = root.find("databaseChangeLog");
    if (entries == nullptr || !entries->is_sequence()) return log;
    const auto lines = split(text, '\n');
    for (std::size_t i = 0; i < entries->items.size(); ++i) {
      const auto& item = entries->items[i];
      const int behind =
          i + 1 < entries->items.size() ? entries->items[i + 1].line : static_cast<int>(lines.size()) + 1;
      if (const auto* const set = item.find("changeSet")) {
        auto one = change_set_of(*set, text);
        one.line = item.line;
        one.text = lines_of(lines, item.line, behind);
        log.entries.push_back({.change_set = std::move(one), .include = "", .line = item.line});
        continue;
      }
      for (const bool all : {false, true}) {
        const auto* const include = item.find(all ? "includeAll" : "include");
        if (include == nullptr) continue;
        const auto* const relative = include->find("relativeToChangelogFile");
        log.entries.push_back({.change_set = std::nullopt,
                               .include = text_of(include->find(all ? "path" : "file")),
                               .all = all,
                               .relative = relative != nullptr && lower(relative->text) == "true",
                               .may_be_missing = may_be_missing([&](const char* key) {
                                 const auto* const value = include->find(key);
                                 return value == nullptr ? std::string() : value->text;
                               }),
                               .line = item.line});
      }
    }
  } catch (const yaml::Problem& problem) {
    log.problem = fmt::format("it cannot be read: {}", problem.what());
  }
  return log;
}

// --- XML

ChangeLog read_xml(std::string_view text) {
  ChangeLog log;
  const auto tags = xml_tags(text);
  for (std::size_t i = 0; i < tags.size(); ++i) {
    const auto& tag = tags[i];
    if (tag.closing) continue;
    if (tag.name == "include" || tag.name == "includeAll") {
      const bool all = tag.name == "includeAll";
      log.entries.push_back(
          {.change_set = std::nullopt,
           .include = tag.attribute(all ? "path" : "file"),
           .all = all,
           .relative = lower(tag.attribute("relativeToChangelogFile")) == "true",
           .may_be_missing = may_be_missing([&](const char* key) { return tag.attribute(key); }),
           .line = tag.line});
    } else if (tag.name == "changeSet") {
      ChangeSet set;
      set.id = tag.attribute("id");
      set.author = tag.attribute("author");
      set.line = tag.line;
      std::size_t end = i;
      while (end < tags.size() && !(tags[end].name == "changeSet" && (tags[end].closing || tags[end].empty)))
        ++end;
      const std::size_t behind = end < tags.size() ? tags[end].end : text.size();
      set.text = text.substr(tag.start, behind - tag.start);
      const auto dbms = tag.attribute("dbms");
      if (dbms.empty() || runs_on_postgresql(dbms))
        set.statements = statements_of_changes(tags, i, end, text);
      log.entries.push_back({.change_set = std::move(set), .include = "", .line = tag.line});
      i = end;
    }
  }
  return log;
}

}  // namespace

bool is_change_log(std::string_view path, std::string_view text) {
  if (path.ends_with(".sql")) {
    for (const auto& line : split(text.substr(0, 400), '\n')) {
      if (trim(line).empty()) continue;
      return begins_with(comment_of(line), "liquibase formatted sql");
    }
    return false;
  }
  if (path.ends_with(".xml")) return text.find("<databaseChangeLog") != std::string_view::npos;
  if (path.ends_with(".yaml") || path.ends_with(".yml")) {
    return text.starts_with("databaseChangeLog:") ||
           text.find("\ndatabaseChangeLog:") != std::string_view::npos;
  }
  return path.ends_with(".json") && text.find("\"databaseChangeLog\"") != std::string_view::npos;
}

ChangeLog read_change_log(std::string_view path, std::string_view text) {
  if (path.ends_with(".sql")) return read_sql(text);
  if (path.ends_with(".xml")) return read_xml(text);
  return read_yaml(text);
}

}  // namespace exitgate::collect
