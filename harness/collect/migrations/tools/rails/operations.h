// Active Record's operations on a schema, and what they take away.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"
#include "harness/collect/migrations/tools/rails/ruby_values.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::rails {

// A call of a migration, taken apart. Of kNoNode it has no name.
struct Call {
  Call(const syntax::Tree& tree, syntax::Id id);

  const syntax::Tree& tree;
  syntax::Id id;
  std::string_view name;
  syntax::Id receiver = syntax::kNoNode;
  syntax::Id block = syntax::kNoNode;
  std::vector<syntax::Id> plain = {};    // arguments by position
  std::vector<syntax::Id> options = {};  // pairs

  syntax::Id at(std::size_t position) const {
    return position < plain.size() ? plain[position] : syntax::kNoNode;
  }
  syntax::Id option(std::string_view key) const;
  bool option_is(std::string_view key, std::string_view source) const;
  // In one line, up to the body of its block.
  std::string text() const;
};

// The value of a key among pairs, or kNoNode.
syntax::Id pair_value(const syntax::Tree& tree, const std::vector<syntax::Id>& pairs, std::string_view key);

class Operations {
 public:
  Operations(const Values& values, Statements& statements) : values_(values), statements_(statements) {}

  // Of a call on the migration itself or on its connection. `conditional`: it may be left out.
  bool add(const Call& call, bool conditional);
  // `t.remove :note` in the block of change_table.
  bool add_to_table(const Call& call, const std::string& table, bool conditional);
  // `t.string :name, index: true` in the block of create_table.
  void add_to_new_table(const Call& call, const std::string& table) { indexes(call, table, 0); }
  // SQL in the call's argument. False when it is made at run time.
  bool add_sql(const Call& call);

 private:
  void take(const Call& call, std::string_view kind, std::string object, std::string relation,
            std::vector<std::string> columns = {});
  void indexes(const Call& call, const std::string& table, std::size_t first);
  void columns(const Call& call, const std::string& table, std::size_t from);

  const Values& values_;
  Statements& statements_;
};

// Methods that read, quote or say something, and wrappers whose block is read as it stands.
bool is_harmless_call(std::string_view name);

}  // namespace exitgate::collect::rails
