// Where sequences stand, and what their numbers go into. Where one stands is data: it changes with each row
// that is inserted, so that it is not part of an object of the snapshot, and of no fingerprint.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/database/connection.h"

namespace exitgate::collect::schema {

// A column that is filled from a sequence, or owns it.
struct SequenceUse {
  std::string relation;                 // "public.orders"
  std::string column;                   // "id", quoted where SQL needs it
  std::string type;                     // "integer"; of a domain, what it is based on
  std::optional<std::int64_t> minimum;  // nullopt when the type has no such end
  std::optional<std::int64_t> maximum;
};

struct Sequence {
  std::uint32_t oid = 0;  // by which it is asked; no fact
  std::string identity;   // "public.orders_id_seq"
  std::string type;       // "smallint", "integer" or "bigint"
  std::int64_t start = 1;
  std::int64_t increment = 1;
  std::int64_t minimum = 1;
  std::int64_t maximum = 0;
  bool cycles = false;
  std::optional<std::int64_t> last_value;  // nullopt when no number was taken from it yet
  std::string problem;                     // why last_value could not be read; "" when it could
  std::vector<SequenceUse> uses;
};

// Where the sequences of a snapshot stand. Not within a transaction: each sequence that is looked at stays locked until its
// end, and a large schema would fill the server's lock table. What cannot be read is each one's problem.
void read_positions(database::Connection& connection, std::vector<Sequence>& sequences);

}  // namespace exitgate::collect::schema
