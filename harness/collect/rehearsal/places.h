// Whose statement it is that a server was given: the revision, and the line of its file.
//
// A program that runs many migrations by one command does not say where one ends. Two things tell: a statement that stands
// word for word in one of the SQL files, and the row that the tool writes into its own table for each revision.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace exitgate::collect::rehearsal {

// A revision that a command applies or takes back.
struct Revision {
  std::string id;
  std::string version;        // as the tool's table has it
  std::string version_table;  // "alembic_version"; may be qualified; "" when none is known
  std::string file;           // that goes up
  std::string text;           // of the file
};

// A statement, in the order of running.
struct Given {
  std::string text;
  std::vector<std::string> parameters;
};

struct Place {
  std::optional<std::size_t> revision;  // position; nullopt when it could not be told
  int line = 0;                         // of its file; 0 when it could not be told
  bool own = false;                     // it is the tool's own: about its table, not the target's schema
};

enum class Direction { up, down };

// One place for each statement. A table of the tool's may be written before or behind a revision's statements.
std::vector<Place> places_of(const std::vector<Given>& statements, const std::vector<Revision>& revisions,
                             Direction direction);

}  // namespace exitgate::collect::rehearsal
