// Places where a program names an environment variable: by os, or by a library that reads the environment.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/code/file_values.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

enum class AccessKind : std::uint8_t {
  item,    // raises when the variable is not set
  get,     // goes on with a default, or with None
  test,    // `in`, `not in`
  store,   // gives it a value
  remove,  // deletes it
  fill,    // gives it a value when it has none
};

struct Access {
  syntax::Id node = syntax::kNoNode;  // the whole expression
  AccessKind kind = AccessKind::get;
  std::optional<std::string> variable;  // nullopt: computed
  bool has_default = false;
  bool negated = false;                 // of AccessKind::test: `not in`
  bool any_variable = false;            // of AccessKind::store: which variables it sets cannot be told
  syntax::Id value = syntax::kNoNode;   // of AccessKind::store, where it is written
  std::optional<std::string> given_by;  // the commit's file that has the value, and its line
  bool certain = true;                  // of a load: whether the file is that, and gives it a value
  bool derived = false;                 // of AccessKind::store: the value is made of the variable's own
};

class AccessReader {
 public:
  // All must outlive the reader.
  AccessReader(const syntax::Tree& tree, const syntax::Names& names, const FileValues& files)
      : tree_(tree), names_(names), files_(files) {}

  // What the node itself does with the environment; nullopt for anything else.
  std::optional<Access> at(syntax::Id id) const;
  std::optional<Access> call(syntax::Id id) const;
  std::optional<Access> test(syntax::Id id) const;
  // A store or fill for each variable of the file that the call loads.
  std::vector<Access> loads(syntax::Id call) const;

 private:
  bool is_environment(syntax::Id expression) const;
  bool names_environment(syntax::Id expression) const;
  bool updates_environment(syntax::Id container) const;
  bool is_patch(syntax::Id function) const;
  std::optional<Access> item(syntax::Id id) const;
  std::optional<Access> update(syntax::Id id) const;
  std::optional<Access> patch(syntax::Id call) const;

  const syntax::Tree& tree_;
  const syntax::Names& names_;
  const FileValues& files_;
};

}  // namespace exitgate::collect::code
