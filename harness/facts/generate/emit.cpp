#include "harness/facts/generate/emit.h"

#include <algorithm>

#include "harness/facts/generate/cpp_names.h"

namespace exitgate::facts::generate {

namespace {

std::string origin(const std::string& file) {
  return "// Generated from " + file + ": change that, not this.\n";
}

std::string literal(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    // A '?' too, which could begin a trigraph.
    if (c == '"' || c == '\\' || c == '?') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

// "// text", broken between words so that a line has at most 120 characters.
std::string comment(const std::string& indent, std::string_view text) {
  constexpr std::size_t kWidth = 120;
  std::string out;
  std::string line = indent + "//";
  while (!text.empty()) {
    const std::size_t space = text.find(' ');
    const std::string_view word = text.substr(0, space);
    if (line.size() + 1 + word.size() > kWidth && line.size() > indent.size() + 2) {
      out += line + "\n";
      line = indent + "//";
    }
    line += ' ';
    line += word;
    text.remove_prefix(space == std::string_view::npos ? text.size() : space + 1);
  }
  return out + line + "\n";
}

std::string plain_type(const Column& column, const std::vector<Enum>& sets) {
  if (column.type == Type::integer) return "std::int64_t";
  if (column.type == Type::boolean) return "bool";
  for (const Enum& set : sets) {
    if (std::find(set.columns.begin(), set.columns.end(), &column) != set.columns.end()) return set.name;
  }
  return "std::string";
}

// What a member is when a writer leaves it out. One that must be given has none, so that GCC refuses a row without it
// (-Wmissing-field-initializers).
std::string initializer(const Column& column, const std::string& type) {
  if (column.nullable) return " = std::nullopt";
  if (!column.default_value) return "";
  if (!column.values.empty()) return " = " + type + "::" + enumerator_name(*column.default_value);
  if (column.type == Type::boolean) return *column.default_value == "1" ? " = true" : " = false";
  return " = " + (column.type == Type::text ? literal(*column.default_value) : *column.default_value);
}

// 'RoundTrip' → "round_trip".
std::string function_name(const std::string& type) {
  std::string name;
  for (const char c : type) {
    const bool capital = c >= 'A' && c <= 'Z';
    if (capital && !name.empty()) name += '_';
    name += capital ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return name;
}

std::string enum_declaration(const Enum& set) {
  std::string list;
  for (const std::string& one : set.used_by) list += (list.empty() ? "" : ", ") + one;
  const std::string& meaning = set.columns.front()->meaning;
  std::string out = comment("", "A value of " + list + (meaning.empty() ? "." : ": " + meaning));
  out += "enum class " + set.name + " : unsigned char {\n";
  bool first = true;
  for (const Value& value : set.columns.front()->values) {
    out += comment("  ", "'" + value.text + "': " + value.meaning);
    out += "  " + enumerator_name(value.text) + (first ? " = 1,\n" : ",\n");
    first = false;
  }
  out += "};\n";
  out += "// As the column has it. Throws Undecided when the value was never set.\n";
  out += "std::string_view to_text(" + set.name + " value);\n";
  out += "// nullopt when there is no such value.\n";
  out += "std::optional<" + set.name + "> " + function_name(set.name) + "_from(std::string_view text);\n\n";
  return out;
}

std::string struct_declaration(const Table& table, const std::vector<Enum>& sets) {
  const std::string name = type_name(table.name);
  std::string out = comment("", table.meaning);
  out += "struct " + name + " {\n";
  for (const Column& column : table.columns) {
    if (!column.meaning.empty()) out += comment("  ", column.meaning);
    const std::string type = plain_type(column, sets);
    out += "  " + (column.nullable ? "std::optional<" + type + ">" : type) + " " + member_name(column.name) +
           initializer(column, type) + ";\n";
  }
  out += "\n  static const TableInfo table;\n};\n";
  out += "void read(const RowReader& from, " + name + "& row);\n";
  out += "void write(RowWriter& to, const " + name + "& row);\n\n";
  return out;
}

// Arrays of what the values mean, one for each column with a closed set.
std::string values_name(const Table& table, const Column& column) {
  return "k" + type_name(table.name) + type_name(column.name);
}

std::string table_information(const Domain& domain, const Table& table, std::size_t number) {
  std::string out;
  std::string columns;
  std::string names;
  std::string marks;
  for (const Column& column : table.columns) {
    std::string values = "nullptr, 0";
    if (!column.values.empty()) {
      const std::string array = values_name(table, column);
      out += "constexpr ValueInfo " + array + "[] = {\n";
      for (const Value& value : column.values)
        out += "    {" + literal(value.text) + ", " + literal(value.meaning) + "},\n";
      out += "};\n";
      values = array + ", " + std::to_string(column.values.size());
    }
    columns += "    {" + literal(column.name) + ", " + literal(column.declared) + ", " +
               literal(column.meaning) + ", " + values + "},\n";
    // In brackets: SQLite takes an unknown name in double quotes for a string.
    names += (names.empty() ? "[" : ", [") + column.name + "]";
    marks += marks.empty() ? "?" : ", ?";
  }
  const std::string array = "k" + type_name(table.name) + "Columns";
  out += "constexpr ColumnInfo " + array + "[] = {\n" + columns + "};\n";
  out += "}  // namespace\n";
  out += "const TableInfo " + type_name(table.name) + "::table = {\n    " + literal(domain.name) + ", " +
         literal(table.name) + ", " + literal(table.meaning) + ",\n    " + array + ", " +
         std::to_string(table.columns.size()) + ", " + std::to_string(number) + ",\n    " +
         literal("SELECT " + names + " FROM " + domain.name + ".[" + table.name + "] ") + ",\n    " +
         literal("INSERT INTO [" + table.name + "] (" + names + ") VALUES (" + marks + ")") + "};\n";
  return out;
}

std::string row_functions(const Table& table, const std::vector<Enum>& sets) {
  const std::string name = type_name(table.name);
  std::string read = "void read(const RowReader& from, " + name + "& row) {\n";
  std::string write = "void write(RowWriter& to, const " + name + "& row) {\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    const std::string at = std::to_string(i);
    const std::string member = "row." + member_name(column.name);
    if (column.values.empty()) {
      read += "  from.get(" + at + ", " + member + ");\n";
      write += "  to.put(" + at + ", " + member + ");\n";
      continue;
    }
    const std::string type = plain_type(column, sets);
    if (column.nullable) {
      read += "  if (const unsigned char value = from.optional_value(" + at + "); value != 0) {\n    " +
              member + " = static_cast<" + type + ">(value);\n  } else {\n    " + member + ".reset();\n  }\n";
      write += "  if (" + member + ") {\n    to.put_value(" + at + ", to_text(*" + member +
               "));\n  } else {\n    to.put_null(" + at + ");\n  }\n";
    } else {
      read += "  " + member + " = static_cast<" + type + ">(from.value(" + at + "));\n";
      write += "  to.put_value(" + at + ", to_text(" + member + "));\n";
    }
  }
  return read + "}\n" + write + "}\n";
}

std::string enum_functions(const Enum& set, const std::string& values) {
  const std::string info = "{" + literal(set.used_by.front()) + ", " + values + ", " +
                           std::to_string(set.columns.front()->values.size()) + "}";
  return "std::string_view to_text(" + set.name + " value) {\n  return text_of(" + info +
         ", static_cast<unsigned char>(value));\n}\nstd::optional<" + set.name + "> " +
         function_name(set.name) + "_from(std::string_view text) {\n  const unsigned char value = value_of(" +
         info + ", text);\n  if (value == 0) return std::nullopt;\n  return static_cast<" + set.name +
         ">(value);\n}\n";
}

}  // namespace

std::string header(const Domain& domain) {
  const auto sets = enums(domain);
  std::string out = origin(domain.file) +
                    "#pragma once\n\n#include <cstdint>\n#include <optional>\n#include <string>\n"
                    "#include <string_view>\n\nnamespace exitgate::facts {\n\nstruct TableInfo;\nclass "
                    "RowReader;\nclass RowWriter;\n\n"
                    "namespace " +
                    domain.name + " {\n\n";
  for (const Enum& set : sets) out += enum_declaration(set);
  for (const Table& table : domain.tables) out += struct_declaration(table, sets);
  return out + "}  // namespace " + domain.name + "\n}  // namespace exitgate::facts\n";
}

std::string source(const Domain& domain) {
  const auto sets = enums(domain);
  std::string out = origin(domain.file) + "#include \"harness/facts/tables/" + domain.name +
                    ".h\"\n\n#include \"harness/facts/row_io.h\"\n#include \"harness/facts/table_info.h\"\n\n"
                    "namespace exitgate::facts::" +
                    domain.name + " {\n\n";
  std::size_t number = 0;
  for (const Table& table : domain.tables) {
    out += "namespace {\n" + table_information(domain, table, number++) + row_functions(table, sets) + "\n";
  }
  for (const Enum& set : sets) {
    for (const Table& table : domain.tables) {
      for (const Column& column : table.columns) {
        if (&column == set.columns.front()) out += enum_functions(set, values_name(table, column));
      }
    }
  }
  return out + "\n}  // namespace exitgate::facts::" + domain.name + "\n";
}

std::string aliases(const std::vector<Domain>& domains) {
  std::string out =
      "// Generated from harness/facts/tables: what checks write for exitgate::facts::<domain>.\n#pragma "
      "once\n\n";
  for (const Domain& domain : domains) {
    // Not an alias: harness/schema has a namespace of that name as well.
    out += "namespace exitgate::facts::" + domain.name + " {}\nnamespace exitgate::" + domain.name +
           " {\nusing namespace exitgate::facts::" + domain.name + ";\n}\n";
  }
  return out;
}

std::string declarations(const std::vector<Domain>& domains) {
  std::string out =
      "// Generated from harness/facts/tables.\n#include <iterator>\n\n#include "
      "\"harness/facts/table_info.h\"\n"
      "#include \"harness/facts/tables.h\"\n";
  for (const Domain& domain : domains) out += "#include \"harness/facts/tables/" + domain.name + ".h\"\n";
  out +=
      "\nnamespace exitgate::facts {\n\nconst std::vector<Declaration>& declarations() {\n"
      "  static const std::vector<Declaration> all = {\n";
  for (const Domain& domain : domains)
    out += "      {\"" + domain.name + "\", R\"~sql~(" + domain.sql + ")~sql~\"},\n";
  out +=
      "  };\n  return all;\n}\n\nstd::vector<const TableInfo*> table_infos() {\n"
      "  static const TableInfo* const all[] = {\n";
  for (const Domain& domain : domains) {
    for (const Table& table : domain.tables)
      out += "      &" + domain.name + "::" + type_name(table.name) + "::table,\n";
  }
  return out + "  };\n  return {std::begin(all), std::end(all)};\n}\n\n}  // namespace exitgate::facts\n";
}

}  // namespace exitgate::facts::generate
