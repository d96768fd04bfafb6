// Database drivers and mappers among the dependencies that the commit declares: a sign that there is a database, in a
// repository in which no migration was recognised.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

struct DeclaredDriver {
  std::string file;
  std::int64_t line = 0;
  std::string name;  // "psycopg2", "github.com/jackc/pgx"
};

// Each driver once for each file, in the order of the paths. Files of tests, examples and other people's code are left out.
std::vector<DeclaredDriver> declared_drivers(Source& source);

// The drivers that one dependency file names. By words: a comment counts, too, since a database that is only spoken of is
// asked about rather than overlooked.
std::vector<DeclaredDriver> drivers_in(std::string_view text, const std::string& file);

}  // namespace exitgate::collect
