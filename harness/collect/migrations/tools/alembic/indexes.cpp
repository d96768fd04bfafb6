#include "harness/collect/migrations/tools/alembic/indexes.h"

#include "harness/collect/migrations/call_arguments.h"
#include "harness/collect/migrations/python_statement.h"
#include "harness/collect/migrations/sql_indexes.h"

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

bool is_true(const Tree& tree, Id value) {
  return value != kNoNode && tree.is(inner(tree, value), Kind::true_);
}

// Whether `unique=` is True; nullopt when it is neither left out, nor True, nor False.
std::optional<bool> uniqueness(const Tree& tree, const Arguments& with) {
  const Id given = with.named("unique");
  if (given == kNoNode) return false;
  const Id value = inner(tree, given);
  if (tree.is(value, Kind::true_)) return true;
  return tree.is(value, Kind::false_) || tree.is(value, Kind::none) ? std::optional<bool>(false)
                                                                    : std::nullopt;
}

// "sa.Column" and "Column" are both "Column".
std::string_view last_name(const Tree& tree, Id callee) {
  callee = inner(tree, callee);
  return tree.text(tree.is(callee, Kind::attribute) ? tree.child(callee, Field::attribute) : callee);
}

// Table and columns, as one index has them in common with another of the same definition.
std::string definition_of(const Tree& tree, const std::string& table, Id columns) {
  return columns == kNoNode ? "" : table + " " + tree.flat_text(columns);
}

// `sa.Column("email", …, index=True)` and `sa.Index("name", "email", unique=True)` among what a call is given.
void add_parts(const Tree& tree, const Names& names, Id call, const std::string& table,
               Statements& statements) {
  const Id given = tree.child(call, Field::arguments);
  if (given == kNoNode) return;
  for (Id id = given; id < tree[given].after; ++id) {
    if (!tree.is(id, Kind::call)) continue;
    const std::string_view name = last_name(tree, tree.child(id, Field::function));
    const Arguments with(tree, names, id);
    const auto unique = uniqueness(tree, with);
    if (!unique) continue;
    if (name == "Index") {
      statements.add(created_index(with.text(0, "name"), *unique));
    } else if (name == "UniqueConstraint") {
      statements.add(created_index(with.text(SIZE_MAX, "name"), true));
    } else if (name == "Column" && is_true(tree, with.named("index"))) {
      // SQLAlchemy's own name for it.
      statements.add(created_index("ix_" + table + "_" + with.text(0, "name"), *unique));
    }
  }
}

}  // namespace

void add_alembic_indexes(const Tree& tree, const Names& names, Id call, std::string_view name,
                         const std::optional<std::string>& table, Statements& statements) {
  const Arguments with(tree, names, call);
  const std::size_t skip = table ? 0 : 1;
  const std::string on =
      table ? *table : with.text(name == "create_table" || name == "add_column" ? 0 : 1, "table_name");
  if (name == "create_index") {
    if (const auto unique = uniqueness(tree, with))
      statements.add(created_index(with.text(0, "index_name"), *unique,
                                   definition_of(tree, on, with.at(skip + 1, "columns"))));
  } else if (name == "create_unique_constraint") {
    statements.add(created_index(with.text(0, "constraint_name"), true,
                                 definition_of(tree, on, with.at(skip + 1, "columns"))));
  } else if (name == "drop_index") {
    Statement dropped = dropped_index(with.text(0, "index_name"));
    dropped.line = tree.line(call);
    dropped.text = in_one_line(tree.text(call));
    if (dropped.object.empty() || dropped.object.find('{') != std::string::npos) {
      statements.add(undecided_at(tree, call, "which index it drops is not written here"));
    } else {
      statements.add(std::move(dropped));
    }
  } else if (name == "create_table" || name == "add_column") {
    add_parts(tree, names, call, on, statements);
  }
}

}  // namespace exitgate::collect
