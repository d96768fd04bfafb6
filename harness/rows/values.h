// Values of a type, in the text form that the server reads. Inside this library only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/rows/catalog.h"

namespace exitgate::rows {

// What a value is for: another one in each column, so that a copy elsewhere can be told.
struct Wanted {
  Oid type = 0;
  int modifier = -1;
  std::string_view name;  // of the column, which may say what is in it: "email"
  unsigned salt = 0;      // of the column
  int variant =
      0;  // 0: the largest that leaves room for arithmetic (×100) and does not fit the next smaller type; then others
};

class Values {
 public:
  explicit Values(const Types& types) : types_(types) {}

  // nullopt for a type that only guesses() can serve.
  std::optional<std::string> of(const Wanted& wanted) const;
  // Literals that many types read, for one that is not known. Most are refused.
  static const std::vector<std::string>& guesses();
  // The type below all domains, and the modifier that goes with it.
  const Type* base_of(Oid type, int& modifier) const;
  const Type* type(Oid oid) const;

 private:
  std::optional<std::string> of_base(const Type& type, const Wanted& wanted) const;
  std::optional<std::string> of_extension(const Type& type, const Wanted& wanted) const;
  std::optional<std::string> of_range(const Type& range, const Wanted& wanted) const;
  const Types& types_;
};

// A number for a name, the same on every machine.
unsigned salt_of(std::string_view name);
// Of a text type of at most `length` characters, -1 for any.
std::string text_value(std::string_view name, unsigned salt, int variant, int length);

}  // namespace exitgate::rows
