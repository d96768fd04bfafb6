#include "harness/facts/generate/cpp_names.h"

#include <algorithm>
#include <set>

namespace exitgate::facts::generate {

namespace {

// Keywords of C++20, and what they are as alternative tokens.
constexpr std::string_view kReserved[] = {
    "alignas",   "alignof",   "and",       "and_eq",        "asm",         "auto",
    "bitand",    "bitor",     "bool",      "break",         "case",        "catch",
    "char",      "char16_t",  "char32_t",  "char8_t",       "class",       "co_await",
    "co_return", "co_yield",  "compl",     "concept",       "const",       "const_cast",
    "consteval", "constexpr", "constinit", "continue",      "decltype",    "default",
    "delete",    "do",        "double",    "dynamic_cast",  "else",        "enum",
    "explicit",  "export",    "extern",    "false",         "float",       "for",
    "friend",    "goto",      "if",        "inline",        "int",         "long",
    "mutable",   "namespace", "new",       "noexcept",      "not",         "not_eq",
    "nullptr",   "operator",  "or",        "or_eq",         "private",     "protected",
    "public",    "register",  "requires",  "return",        "short",       "signed",
    "sizeof",    "static",    "struct",    "static_assert", "static_cast", "reinterpret_cast",
    "switch",    "template",  "this",      "thread_local",  "throw",       "true",
    "try",       "typedef",   "typeid",    "typename",      "union",       "unsigned",
    "using",     "virtual",   "void",      "volatile",      "wchar_t",     "while",
    "xor",       "xor_eq"};

bool is_reserved(std::string_view name) {
  return std::find(std::begin(kReserved), std::end(kReserved), name) != std::end(kReserved);
}

bool same_set(const Column& a, const Column& b) {
  return a.name == b.name && std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                                        [](const Value& x, const Value& y) { return x.text == y.text; });
}

}  // namespace

std::string type_name(std::string_view table_or_column) {
  std::string name;
  bool begins = true;
  for (const char c : table_or_column) {
    if (c == '_') {
      begins = true;
      continue;
    }
    name += begins && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = false;
  }
  return name;
}

std::string member_name(const std::string& column) {
  // `table` is what each row's type calls its own description.
  return is_reserved(column) || column == "table" ? column + "_" : column;
}

std::string enumerator_name(const std::string& value) {
  std::string name;
  for (const char c : value) {
    if (c >= 'A' && c <= 'Z') {
      name += static_cast<char>(c - 'A' + 'a');
    } else {
      name += (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '_';
    }
  }
  if (name.empty()) return "empty";
  if (name[0] >= '0' && name[0] <= '9') name.insert(0, 1, '_');
  return is_reserved(name) ? name + "_" : name;
}

std::vector<Enum> enums(const Domain& domain) {
  std::vector<Enum> all;
  std::vector<const Table*> first_table;
  std::set<std::string> taken;
  for (const Table& table : domain.tables) {
    if (!taken.insert(type_name(table.name)).second) {
      throw Mistake(domain.file, table.line,
                    "two tables would be called " + type_name(table.name) + " in C++");
    }
    for (const Column& column : table.columns) {
      if (column.values.empty()) continue;
      const std::string used = domain.name + "." + table.name + "." + column.name;
      const auto known = std::find_if(
          all.begin(), all.end(), [&](const Enum& one) { return same_set(*one.columns.front(), column); });
      if (known != all.end()) {
        known->columns.push_back(&column);
        known->used_by.push_back(used);
        continue;
      }
      std::set<std::string> enumerators;
      for (const Value& value : column.values) {
        if (!enumerators.insert(enumerator_name(value.text)).second) {
          throw Mistake(domain.file, column.line,
                        "two values of the column '" + column.name + "' would be called " +
                            enumerator_name(value.text) + " in C++");
        }
      }
      all.push_back({"", {&column}, {used}});
      first_table.push_back(&table);
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    const Column& column = *all[i].columns.front();
    const std::string short_name = type_name(column.name);
    all[i].name = type_name(first_table[i]->name) + short_name;
    if (all[i].columns.size() > 1 && taken.insert(short_name).second) {
      all[i].name = short_name;
    } else if (!taken.insert(all[i].name).second) {
      throw Mistake(domain.file, column.line, "two things would be called " + all[i].name + " in C++");
    }
  }
  return all;
}

}  // namespace exitgate::facts::generate
