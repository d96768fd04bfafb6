// What relations are called, as a log is read on.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/observe/observe.h"

namespace exitgate::observe {

// The kind of a relation by pg_class.relkind: "table", "index"; "" for what is none of facts rehearsal.lock.kind.
std::string_view kind_of_relation(std::string_view relkind);

class Names {
 public:
  explicit Names(const Mark& mark);

  const Relation* find(const std::string& database, Oid oid) const;
  // What was known before, to be put back when the transaction is rolled back.
  struct Before {
    std::string database;
    Oid oid;
    Relation relation;  // without a name when none was known
  };
  Before set(const std::string& database, Oid oid, Relation relation);
  void put_back(const Before& before);
  // By the name as a statement has it; 0 when there is none, or several of this name in different schemas and none in public.
  Oid find(const std::string& database, std::string_view schema, std::string_view name) const;
  std::vector<Oid> indexes_of(const std::string& database, Oid table) const;
  // The table, and those that had a foreign key to it, or to one of these, at the mark.
  std::vector<Oid> referencing(const std::string& database, Oid table) const;

 private:
  std::map<std::pair<std::string, Oid>, Relation> known_;
  std::string marked_;  // the mark's database
  std::multimap<Oid, Oid> references_;
};

}  // namespace exitgate::observe
