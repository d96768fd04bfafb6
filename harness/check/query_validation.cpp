#include "harness/check/query_validation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "harness/base/text.h"
#include "harness/check/declared_tables.h"
#include "harness/check/query_literals.h"
#include "harness/check/sql_tokens.h"
#include "harness/facts/tables.h"

namespace exitgate::check {

namespace {

constexpr std::size_t kLongestExcerpt = 60;

std::vector<std::string> domain_names() {
  std::vector<std::string> names;
  for (const auto& declared : facts::declarations()) names.push_back(declared.domain);
  return names;
}

// "ci.job", of one domain or of all.
std::vector<std::string> table_names(std::string_view domain) {
  std::vector<std::string> names;
  for (const auto* info : facts::table_infos()) {
    if (domain.empty() || info->domain == domain)
      names.push_back(fmt::format("{}.{}", info->domain, info->name));
  }
  return names;
}

const facts::TableInfo* table_info(std::string_view domain, std::string_view table) {
  for (const auto* info : facts::table_infos()) {
    if (info->domain == domain && info->name == table) return info;
  }
  return nullptr;
}

std::vector<std::string> columns_of(const facts::TableInfo& info) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < info.column_count; ++i) names.emplace_back(info.columns[i].name);
  return names;
}

struct Use {
  const facts::TableInfo* table;
  std::string alias;  // its name where it has none
};

// Each place where a table stands with its domain.
std::vector<Use> uses_of_tables(std::string_view sql) {
  static constexpr std::array<std::string_view, 22> kBehind = {
      "where",  "join",   "left",    "right", "full",  "inner", "cross",  "natural",
      "on",     "using",  "group",   "order", "limit", "union", "except", "intersect",
      "having", "window", "indexed", "not",   "and",   "or"};
  const auto tokens = sql_tokens(sql);
  std::vector<Use> uses;
  for (std::size_t i = 0; i + 2 < tokens.size(); ++i) {
    if (!tokens[i].is_name() || !tokens[i + 1].is(".") || !tokens[i + 2].is_name()) continue;
    if (i > 0 && tokens[i - 1].is(".")) continue;
    const auto* info = table_info(lower(tokens[i].text), lower(tokens[i + 2].text));
    if (info == nullptr) continue;
    std::size_t next = i + 3;
    if (next < tokens.size() && tokens[next].is(".")) continue;  // a column: ci.job.file
    if (next < tokens.size() && tokens[next].is("as")) ++next;
    const bool named = next < tokens.size() && tokens[next].is_name() &&
                       std::find(kBehind.begin(), kBehind.end(), tokens[next].text) == kBehind.end();
    uses.push_back({info, named ? lower(tokens[next].text) : std::string(info->name)});
  }
  return uses;
}

std::string behind(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? std::string(text.substr(prefix.size())) : "";
}

QueryMistake no_table(const std::string& name) {
  const std::size_t dot = name.find('.');
  const auto domains = domain_names();
  if (dot == std::string::npos) {
    const auto all = table_names("");
    std::string meant;
    for (const auto& one : all) {
      if (one.ends_with("." + lower(name))) meant = fmt::format(" (did you mean '{}'?)", one);
    }
    return {fmt::format("there is no table '{}'{}", name, meant.empty() ? did_you_mean(name, all) : meant),
            fmt::format("write it with its domain, DOMAIN.TABLE; the domains are {}", join(domains, ", "))};
  }
  const auto domain = lower(name.substr(0, dot));
  if (std::find(domains.begin(), domains.end(), domain) == domains.end())
    return {fmt::format("there is no domain '{}'{}", domain, did_you_mean(domain, domains)),
            fmt::format("the domains are {}; `exitgate tables` prints their tables", join(domains, ", "))};
  const auto tables = table_names(domain);
  return {fmt::format("there is no table '{}'{}", name, did_you_mean(name, tables)),
          fmt::format("the tables of {} are {}", domain, join(tables, ", "))};
}

QueryMistake no_column(const std::string& name, std::string_view sql) {
  const std::size_t dot = name.rfind('.');
  const auto column = lower(name.substr(dot == std::string::npos ? 0 : dot + 1));
  const auto of = dot == std::string::npos ? "" : lower(name.substr(0, dot));
  std::vector<const facts::TableInfo*> tables;
  for (const auto& use : uses_of_tables(sql)) {
    const auto whole = fmt::format("{}.{}", use.table->domain, use.table->name);
    if (!of.empty() && of != use.alias && of != whole) continue;
    if (std::find(tables.begin(), tables.end(), use.table) == tables.end()) tables.push_back(use.table);
  }
  std::vector<std::string> all;
  std::vector<std::string> lists;
  std::vector<std::string> names;
  for (const auto* table : tables) {
    const auto columns = columns_of(*table);
    all.insert(all.end(), columns.begin(), columns.end());
    names.push_back(fmt::format("{}.{}", table->domain, table->name));
    lists.push_back(fmt::format("the columns of {} are {}", names.back(), join(columns, ", ")));
  }
  if (tables.empty())
    return {fmt::format("there is no column '{}'", name), "`exitgate tables` prints the tables and columns"};
  const auto whose = tables.size() == 1 ? fmt::format("{} has no column", names.front())
                                        : fmt::format("none of {} has a column", join(names, ", "));
  return {fmt::format("{} '{}'{}", whose, column, did_you_mean(column, all)), join(lists, "; ")};
}

QueryMistake ambiguous(const std::string& name, std::string_view sql) {
  std::vector<std::string> choices;
  for (const auto& use : uses_of_tables(sql)) {
    const auto columns = columns_of(*use.table);
    if (std::find(columns.begin(), columns.end(), lower(name)) != columns.end())
      choices.push_back(fmt::format("{}.{}", use.alias, name));
  }
  return {fmt::format("more than one table has a column '{}'", name),
          choices.empty() ? "say which table is meant" : fmt::format("write {}", join(choices, " or "))};
}

// "… at `colour = 1`"
std::string with_excerpt(const std::string& message, std::string_view sql, std::size_t offset) {
  auto rest = sql.substr(std::min(offset, sql.size()));
  rest = trim(rest.substr(0, rest.find('\n')));
  if (rest.empty()) return message;
  const bool cut = rest.size() > kLongestExcerpt;
  return fmt::format("{}, at `{}{}`", message, valid_utf8(rest.substr(0, kLongestExcerpt)), cut ? "…" : "");
}

}  // namespace

std::vector<NamedTable> named_tables(std::string_view sql) {
  std::vector<NamedTable> named;
  for (const auto& use : uses_of_tables(sql)) {
    NamedTable one{std::string(use.table->domain), std::string(use.table->name)};
    if (std::find(named.begin(), named.end(), one) == named.end()) named.push_back(std::move(one));
  }
  return named;
}

std::vector<std::string> domains_of_query(std::string_view sql) {
  std::set<std::string> domains;
  const auto tried = try_on_declared(sql);
  for (const auto& [read, times] : tried.reads) domains.insert(read.domain);
  for (const auto& one : named_tables(sql)) domains.insert(one.domain);
  domains.erase("main");  // what stands in no store: json_each
  domains.erase("temp");
  return {domains.begin(), domains.end()};
}

QueryMistake explained_mistake(const std::string& message, std::string_view sql) {
  if (const auto name = behind(message, "no such column: "); !name.empty()) return no_column(name, sql);
  if (const auto name = behind(message, "no such table: "); !name.empty()) return no_table(name);
  if (const auto name = behind(message, "ambiguous column name: "); !name.empty())
    return ambiguous(name, sql);
  return {message, ""};
}

std::optional<QueryMistake> mistake_in_query(std::string_view sql) {
  const auto tried = try_on_declared(sql);
  if (tried.mistake.empty()) return impossible_literal(sql, tried);
  auto mistake = explained_mistake(tried.mistake, sql);
  mistake.offset = tried.offset;
  if (mistake.hint.empty()) mistake.hint = fmt::format("query: {}", trim(sql));
  return mistake;
}

void require_right_query(std::string_view parameter, const std::string& sql) {
  const auto mistake = mistake_in_query(sql);
  if (!mistake) return;
  auto message = fmt::format("'{}': {}", parameter, mistake->message);
  int line = 0;
  if (mistake->offset) {
    message = with_excerpt(message, sql, *mistake->offset);
    const auto before = std::string_view(sql).substr(0, *mistake->offset);
    line = static_cast<int>(std::count(before.begin(), before.end(), '\n'));
  }
  throw PlacedError(std::string(parameter), message, mistake->hint, line);
}

}  // namespace exitgate::check
