// Histories that are an order and not a graph: each migration follows the one with the next lower number.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/environment.h"

namespace exitgate::collect {

// A number of any length, of one or more parts ("20240101120000", "1.2", "1_2").
class Version {
 public:
  // Digits with '.' or '_' between them.
  explicit Version(std::string_view text = "");
  bool operator<(const Version& other) const;
  bool operator==(const Version& other) const { return !(*this < other) && !(other < *this); }

 private:
  std::vector<std::string> parts_;  // without leading zeros, without trailing parts of zero
};

struct Numbered {
  Version version;
  Revision revision;
};

// Adds the revisions in the order of their versions, each following the one before. Two of one version are a
// problem: which of them comes first is not said, and so there is no head.
void add_chain(Environment& environment, std::vector<Numbered> numbered);

// "0001_add_users.sql" → "0001" and "add_users.sql"; the number is empty when the name begins with none.
struct NumberedName {
  std::string_view number;
  std::string_view rest;
};
NumberedName split_number(std::string_view name);

// "add_users" → "add users"; nullopt for "".
std::optional<std::string> title_from(std::string_view name);

// "5" for "000005", as a database shows a version that it keeps as a number.
std::string as_number(std::string_view version);

// "a" for "a.ts": a migration that was written in TypeScript may be recorded by its compiled name.
std::string without_ending(std::string_view file);

// A folder whose path says that it holds migrations ("db/migrations/postgres").
bool is_migration_folder(std::string_view folder);

}  // namespace exitgate::collect
