// What differs between two snapshots of the facts, for checks.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::check {

enum class Side { both, only_first, only_second };

struct SchemaDifference {
  std::string kind;
  std::string identity;
  Side side = Side::both;  // that has the object; `both`: with another definition each
  std::string first;       // definitions
  std::string second;
  std::string parent;
  std::vector<std::size_t> parts = {};  // what came or went with it, by position in the list
  bool is_part = false;
  std::string hidden =
      {};  // why its definition cannot be told, so that it is neither the same nor another; else ""
  std::string name() const { return kind + " " + identity; }
};

struct SchemaComparison {
  std::vector<SchemaDifference> differences;  // in the order of kind and identity
  // Objects that read otherwise and become the same after one dump and restore (schema.restored).
  std::size_t same_when_restored = 0;
  // Of the database itself, which a schema file does not say, or of a major version, which the other cannot have.
  std::size_t not_carried = 0;
};

// What came or went with something else, as a new table's columns with it, is a part of that. Columns that came or went
// say so themselves, and the order of the others stays.
SchemaComparison compare_snapshots(const Facts& facts, const std::string& first, const std::string& second);

// What the server decides or has as a whole, of these: "extension-versions", "extension-members", "locale", "globals". Sides as above.
std::vector<SchemaDifference> compare_servers(const Facts& facts, const std::string& first,
                                              const std::string& second,
                                              const std::vector<std::string>& parts);

}  // namespace exitgate::check
