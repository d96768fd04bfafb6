// What the generated C++ calls the tables, columns and closed sets of a domain.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/generate/declaration.h"

namespace exitgate::facts::generate {

// 'round_trip' → "RoundTrip".
std::string type_name(std::string_view table_or_column);
// 'new' → "new_": a column that is called as C++ calls something of its own gets an underscore behind it.
std::string member_name(const std::string& column);
// 'up again' → "up_again", 'public' → "public_", '' → "empty".
std::string enumerator_name(const std::string& value);

// A closed set as an enum class.
struct Enum {
  std::string name;
  std::vector<const Column*> columns;  // that hold one of it; the first one's explanations are the enum's
  std::vector<std::string> used_by;    // "ci.job.on_pull_request"
};

// The closed sets of the domain in the order of their first columns. One that only one table has is called after table
// and column ("ProviderZeroDays"); one that several tables have under one column name after the column ("OnPullRequest").
// Throws Mistake where two things would get one name.
std::vector<Enum> enums(const Domain& domain);

}  // namespace exitgate::facts::generate
