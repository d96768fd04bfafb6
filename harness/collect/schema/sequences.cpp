#include "harness/collect/schema/sequences.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

#include "harness/base/error.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

constexpr Oid kBigint = 20;
constexpr Oid kSmallint = 21;
constexpr Oid kInteger = 23;

// The sequences with what of them is schema, and their numbers by oid.
struct Reading {
  std::vector<std::pair<Oid, Sequence>> sequences;
  std::unordered_map<Oid, std::size_t> position;
  std::unordered_map<Oid, Oid> base_types;  // of domains
};

template <typename Integer>
void set_ends(SequenceUse& use, std::string_view type) {
  use.type = type;
  use.minimum = std::numeric_limits<Integer>::min();
  use.maximum = std::numeric_limits<Integer>::max();
}

void set_type(const Reading& reading, SequenceUse& use, Oid type) {
  for (auto base = reading.base_types.find(type); base != reading.base_types.end();
       base = reading.base_types.find(type)) {
    type = base->second;
  }
  if (type == kSmallint) set_ends<std::int16_t>(use, "smallint");
  if (type == kInteger) set_ends<std::int32_t>(use, "integer");
  if (type == kBigint) set_ends<std::int64_t>(use, "bigint");
}

void take_sequence(Reading& reading, const CatalogRow& row) {
  Sequence sequence;
  sequence.identity = quoted(row.view(1)) + "." + quoted(row.view(2));
  sequence.type = row.text(3);
  sequence.start = row.integer(4);
  sequence.increment = row.integer(5);
  sequence.minimum = row.integer(6);
  sequence.maximum = row.integer(7);
  sequence.cycles = row.boolean(8);
  reading.position[row.oid(0)] = reading.sequences.size();
  reading.sequences.emplace_back(row.oid(0), std::move(sequence));
}

void take_use(Reading& reading, const CatalogRow& row) {
  const auto found = reading.position.find(row.oid(0));
  if (found == reading.position.end()) return;
  SequenceUse use;
  use.relation = quoted(row.view(1)) + "." + quoted(row.view(2));
  use.column = quoted(row.view(3));
  use.type = row.text(5);
  set_type(reading, use, row.oid(4));
  reading.sequences[found->second].second.uses.push_back(std::move(use));
}

Reading read_definitions(database::Connection& connection) {
  Reading reading;
  Reader reader(connection.server_version());
  reader.ask("pg_sequence",
             "SELECT s.seqrelid, n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, "
             "s.seqincrement, s.seqmin, s.seqmax, s.seqcycle FROM pg_catalog.pg_sequence s "
             "JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid "
             "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
             "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND NOT EXISTS ("
             "SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1259 AND d.objid = c.oid "
             "AND d.deptype = 'e')",
             [&](const CatalogRow& row) { take_sequence(reading, row); });
  reader.run(connection);
  return reading;
}

void read_uses(database::Connection& connection, Reading& reading) {
  Reader reader(connection.server_version());
  reader.ask("pg_type of domains", "SELECT oid, typbasetype FROM pg_catalog.pg_type WHERE typtype = 'd'",
             [&](const CatalogRow& row) { reading.base_types[row.oid(0)] = row.oid(1); });
  // By a default, as an identity, or OWNED BY.
  reader.ask("pg_depend of sequences",
             "SELECT u.sequence, n.nspname, c.relname, a.attname, a.atttypid, "
             "pg_catalog.format_type(a.atttypid, NULL) FROM ("
             "SELECT d.refobjid AS sequence, f.adrelid AS relation, f.adnum AS number "
             "FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef f ON f.oid = d.objid "
             "WHERE d.classid = 2604 AND d.refclassid = 1259 "
             "AND d.refobjid IN (SELECT seqrelid FROM pg_catalog.pg_sequence) "
             "UNION SELECT d.objid, d.refobjid, d.refobjsubid FROM pg_catalog.pg_depend d "
             "WHERE d.classid = 1259 AND d.refclassid = 1259 AND d.deptype IN ('a', 'i') "
             "AND d.refobjsubid > 0 AND d.objid IN (SELECT seqrelid FROM pg_catalog.pg_sequence)) u "
             "JOIN pg_catalog.pg_class c ON c.oid = u.relation "
             "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
             "JOIN pg_catalog.pg_attribute a ON a.attrelid = u.relation AND a.attnum = u.number",
             [&](const CatalogRow& row) { take_use(reading, row); });
  reader.run(connection);
}

// Those from `begin` on, as many as one transaction may lock without being noticed.
void read_values(database::Connection& connection, Reading& reading, std::size_t begin, std::size_t end) {
  std::string oids;
  for (std::size_t at = begin; at < end; ++at) {
    oids += (oids.empty() ? "" : ", ") + std::to_string(reading.sequences[at].first);
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
    auto& sequence = reading.sequences[reading.position.at(static_cast<Oid>(answers.integer(row, 0)))].second;
    sequence.problem = answers.text(row, 1);
    if (!answers.is_null(row, 2)) sequence.last_value = answers.integer(row, 2);
  }
}

}  // namespace

std::vector<Sequence> read_sequences(database::Connection& connection) {
  constexpr std::size_t kAtOnce = 500;
  Reading reading = read_definitions(connection);
  if (reading.sequences.empty()) return {};
  read_uses(connection, reading);
  for (std::size_t begin = 0; begin < reading.sequences.size(); begin += kAtOnce) {
    const std::size_t end = std::min(begin + kAtOnce, reading.sequences.size());
    try {
      read_values(connection, reading, begin, end);
    } catch (const Undecided& problem) {
      for (std::size_t at = begin; at < end; ++at) reading.sequences[at].second.problem = problem.what();
    }
  }
  std::vector<Sequence> sequences;
  for (auto& [oid, sequence] : reading.sequences) {
    std::sort(sequence.uses.begin(), sequence.uses.end(), [](const auto& left, const auto& right) {
      return std::tie(left.relation, left.column) < std::tie(right.relation, right.column);
    });
    sequences.push_back(std::move(sequence));
  }
  std::sort(sequences.begin(), sequences.end(),
            [](const auto& left, const auto& right) { return left.identity < right.identity; });
  return sequences;
}

}  // namespace exitgate::collect::schema
