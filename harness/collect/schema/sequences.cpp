#include "harness/collect/schema/sequences.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_map>

#include "harness/base/error.h"
#include "harness/collect/schema/relations.h"

namespace exitgate::collect::schema {

namespace {

constexpr Oid kBigint = 20;
constexpr Oid kSmallint = 21;
constexpr Oid kInteger = 23;

struct Uses {
  std::unordered_map<Oid, Oid> base_types;      // of domains
  std::set<std::tuple<Oid, Oid, int>> columns;  // sequence, table, column
};

template <typename Integer>
void set_ends(SequenceUse& use, std::string_view type) {
  use.type = type;
  use.minimum = std::numeric_limits<Integer>::min();
  use.maximum = std::numeric_limits<Integer>::max();
}

void set_type(const Uses& uses, SequenceUse& use, Oid type) {
  for (auto base = uses.base_types.find(type); base != uses.base_types.end();
       base = uses.base_types.find(type)) {
    type = base->second;
  }
  if (type == kSmallint) set_ends<std::int16_t>(use, "smallint");
  if (type == kInteger) set_ends<std::int32_t>(use, "integer");
  if (type == kBigint) set_ends<std::int64_t>(use, "bigint");
}

void add_uses(Reader& reader, const Uses& uses) {
  std::unordered_map<Oid, std::size_t> position;
  for (std::size_t at = 0; at < reader.sequences.size(); ++at) position[reader.sequences[at].oid] = at;
  const RelationsWork& work = *reader.tables;
  for (const auto& [sequence, table, number] : uses.columns) {
    const auto found = position.find(sequence);
    const auto relation = reader.relations.find(table);
    const Column* const column = work.column(table, number);
    if (found == position.end() || relation == reader.relations.end() || column == nullptr) continue;
    SequenceUse use;
    use.relation = relation->second.qualified;
    use.column = quoted(column->name);
    const auto name = work.type_names.find(column->type);
    use.type = name == work.type_names.end() ? "???" : name->second;
    set_type(uses, use, column->type);
    reader.sequences[found->second].uses.push_back(std::move(use));
  }
  for (auto& sequence : reader.sequences) {
    std::sort(sequence.uses.begin(), sequence.uses.end(), [](const auto& left, const auto& right) {
      return std::tie(left.relation, left.column) < std::tie(right.relation, right.column);
    });
  }
  std::sort(reader.sequences.begin(), reader.sequences.end(),
            [](const auto& left, const auto& right) { return left.identity < right.identity; });
}

// Those from `begin` on, as many as one transaction may lock without being noticed.
void read_values(database::Connection& connection, std::vector<Sequence>& sequences, std::size_t begin,
                 std::size_t end) {
  std::string oids;
  std::unordered_map<Oid, std::size_t> position;
  for (std::size_t at = begin; at < end; ++at) {
    oids += (oids.empty() ? "" : ", ") + std::to_string(sequences[at].oid);
    position[sequences[at].oid] = at;
  }
  const auto answers = connection.query(fmt::format(
      "SELECT s.oid, s.why, CASE WHEN s.why IS NULL THEN pg_catalog.pg_sequence_last_value(s.oid) END FROM ("
      "SELECT c.oid, CASE WHEN NOT pg_catalog.has_sequence_privilege(c.oid, 'SELECT, USAGE') "
      "THEN 'the role of this connection has neither SELECT nor USAGE on it' "
      "WHEN pg_catalog.pg_is_in_recovery() AND c.relpersistence <> 'p' "
      "THEN 'it is unlogged, and the server is a standby' END AS why "
      "FROM pg_catalog.pg_class c WHERE c.relkind = 'S' AND c.oid IN ({})) s",
      oids));
  for (int row = 0; row < answers.rows(); ++row) {
    auto& sequence = sequences[position.at(static_cast<Oid>(answers.integer(row, 0)))];
    sequence.problem = answers.text(row, 1);
    if (!answers.is_null(row, 2)) sequence.last_value = answers.integer(row, 2);
  }
}

}  // namespace

void ask_for_sequence_uses(Reader& reader) {
  const auto uses = std::make_shared<Uses>();
  reader.ask("pg_type of domains", "SELECT oid, typbasetype FROM pg_catalog.pg_type WHERE typtype = 'd'",
             [uses](const CatalogRow& row) { uses->base_types[row.oid(0)] = row.oid(1); });
  // By a default; as an identity or OWNED BY is known already.
  reader.ask("pg_depend of defaults",
             "SELECT d.refobjid, f.adrelid, f.adnum FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef f "
             "ON f.oid = d.objid JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.refobjid "
             "WHERE d.classid = 2604 AND d.refclassid = 1259",
             [uses](const CatalogRow& row) {
               uses->columns.insert({row.oid(0), row.oid(1), static_cast<int>(row.integer(2))});
             });
  reader.afterwards([&reader, uses] {
    for (const auto& [sequence, owner] : reader.tables->owned) {
      if (owner.column > 0) uses->columns.insert({sequence, owner.table, owner.column});
    }
    add_uses(reader, *uses);
  });
}

void read_positions(database::Connection& connection, std::vector<Sequence>& sequences) {
  constexpr std::size_t kAtOnce = 500;
  for (std::size_t begin = 0; begin < sequences.size(); begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, sequences.size());
    try {
      read_values(connection, sequences, begin, end);
    } catch (const Undecided& problem) {
      for (std::size_t at = begin; at < end; ++at) sequences[at].problem = problem.what();
    }
  }
}

}  // namespace exitgate::collect::schema
