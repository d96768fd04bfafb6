// How a definition is given to the server once more. Inside this library only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/schema/snapshot.h"

namespace exitgate::collect::schema {

// The name of what is made for it.
inline constexpr const char* kProbe = "exitgate_probe";

struct Restoration {
  std::vector<std::string> statements;
  std::string query;  // gives one row: what the server now says
  // The whole definition, of the columns of that row; NULL reads nullopt.
  std::function<std::string(const std::vector<std::optional<std::string>>&)> definition;
};

// nullopt for an object that holds nothing which a restore could write otherwise.
std::optional<Restoration> restoration_of(const Object& object);

// The name as SQL takes it whatever it is: every part of public.orders in double quotes.
std::string always_quoted(std::string_view identity);

}  // namespace exitgate::collect::schema
