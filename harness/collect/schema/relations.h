// What the readers of tables, columns, indexes and constraints hand on to one another. Inside this library only.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

inline constexpr std::string_view kUserSchemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

struct Column {
  Oid relation = 0;
  Oid type = 0;
  Oid collation = 0;
  int number = 0;
  bool local = true;
  std::string name;
  std::string definition;
};

// One of the types that columns have.
struct ColumnType {
  std::string name;  // with its modifier: "character varying(80)"
  char storage = 'p';
  Oid collation = 0;
};

struct Collation {
  std::string namespace_name;
  std::string name;
};

struct OperatorClass {
  std::string name;  // with its schema where it is a user's
  bool standard = false;
  Oid type = 0;
  bool any_type = false;  // of anyarray, anyenum, …
};

struct Index {
  Oid oid = 0;
  Oid relation = 0;
  Oid namespace_oid = 0;
  bool nulls_not_distinct = false;
  bool owned = false;  // by a constraint, which says all of it
  std::string name;
  std::string definition;
  std::string
      rest;  // of it, behind the table's name and before the marks: " USING btree (a) WITH (fillfactor=50)"
  std::string marks;     // " INVALID", " NOT READY", " CLUSTER", " REPLICA IDENTITY"
  std::string included;  // columns behind INCLUDE
  std::string in_key;    // what the constraint that owns it says of it: " WITH (fillfactor=50) CLUSTER"
};

struct RelationsWork {
  struct Owned {
    std::string by;  // 'a' or 'i'
    Oid table = 0;
    int column = 0;
  };
  // A sequence that is an object of its own; the column that owns it, 0 for none.
  struct OwnSequence {
    Oid oid = 0;
    Oid table = 0;
    int column = 0;
    std::string definition;  // without its owner
  };
  std::unordered_map<Oid, Owned> owned;  // sequences
  std::vector<OwnSequence> sequences;
  std::unordered_map<Oid, std::vector<Oid>> parents;              // of tables and of indexes, in order
  std::map<std::pair<Oid, int>, std::string> identity_sequences;  // by table and column
  std::unordered_map<std::uint64_t, ColumnType> types;            // by type and modifier
  std::unordered_map<Oid, std::string> type_names;                // without a modifier
  std::unordered_map<std::uint64_t, std::string> defaults;        // by table and column
  std::unordered_map<Oid, Collation> collations;
  std::unordered_map<Oid, OperatorClass> operator_classes;
  std::vector<Column> columns;  // of all relations of users' schemas, sorted
  std::unordered_map<std::uint64_t, std::string> without_identity;  // definitions, of columns that have one
  // Of an index: its one expression and its predicate.
  struct IndexExpressions {
    std::string written;  // all of it by pg_get_indexdef, where it has others; else ""
    std::string head;     // of the expression's tree
    std::string expression;
    std::string predicate;
  };
  std::unordered_map<Oid, IndexExpressions> index_expressions;
  std::unordered_map<std::uint64_t, std::string> index_statistics;  // targets, by index and column
  // Triggers of a constraint that are not enabled as usual, in words: " TRIGGERS ON public.orders DISABLED".
  std::unordered_map<Oid, std::string> trigger_states;
  std::vector<Index> indexes;  // sorted by oid

  static std::uint64_t key(Oid oid, long long number) {
    return (std::uint64_t{oid} << 32U) | static_cast<std::uint32_t>(number);
  }
  // The column of that number, nullptr when there is none (a system column).
  const Column* column(Oid relation, int number) const;
  Index* index(Oid oid);  // nullptr when there is none
};

using Work = std::shared_ptr<RelationsWork>;

// What the server told as stand_in_expression() asks, over the columns of `relation`, in its normal form. "" for NULL.
std::string told_expression(const Reader& reader, const RelationsWork& work, std::string_view told,
                            Oid relation);

void add_sequences(Reader& reader, const RelationsWork& work);
// In this order.
void ask_for_columns(Reader& reader, const Work& work);
void ask_for_indexes(Reader& reader, const Work& work);
void ask_for_trigger_states(Reader& reader, const Work& work);
void ask_for_constraints(Reader& reader, const Work& work);

// " DISABLED", " ENABLED FOR REPLICA", " ENABLED ALWAYS"; "" as usual.
std::string_view firing(std::string_view enabled);

}  // namespace exitgate::collect::schema
