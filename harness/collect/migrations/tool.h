// What Exitgate knows about one migration tool: one record, in one file of tools/.
//
// A file tools/NAME.cpp defines
//
//   namespace exitgate::collect::tools {
//   std::vector<Tool> NAME() { return {{.name = "…", .recognized = Recognized::by_convention, .find = …}}; }
//   }
//
// and nothing else needs to know of it: CMake lists the files (CMakeLists.txt). Whatever a tool needs to be
// read (the syntax of its files, its configuration) stands in the same file, or in a folder tools/NAME/ of
// its own. A record may be deep (Alembic: the graph, the statements) or shallow: found by the tool's own
// files, its migrations listed in order, the statements decided where they are SQL. The record of a shallow
// tool is a table row: see layout.h, and the files of tools/ that are named after an ecosystem.
//
// Checks read what they need of it in the facts: migrations.tool and migrations.tool_command.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

// How a tool's histories are told from others'. Readers run in this order, and what one has taken no later
// one sees: a file in a folder that atlas.sum declares is Atlas's, although plain SQL files look the same.
enum class Recognized {
  by_configuration,  // by a file that only this tool has
  by_convention,     // by how its files are named, or by a mark in them
  as_last,           // by nothing of its own: numbered SQL files that no tool has taken
  as_unknown         // as what no other has taken, and what may be a tool's that is not known
};

// Of a tool that keeps both directions of a migration in one SQL file: the comments that begin each part.
struct Sections {
  std::string up;  // as its documentation writes it; case and blanks do not count: "-- +goose Up"
  std::string down;
  // The comments mean this in any SQL file, whichever tool the file was taken for. Then a folder in which
  // they stand belongs to no other tool.
  bool unmistakable = false;
};

// How a declared step is recognized as the tool's, and what the tool is asked in its place. The subcommands
// follow the step's own words up to `migrate`: "cd backend && alembic -c x.ini".
struct Driver {
  std::string program;  // "alembic": a word of the step, or the end of a path
  std::string migrate;  // "upgrade"
  // For the stairway: one revision up, back to the one before, back to nothing; {revision} and {parent} are filled in.
  std::string up;
  std::string down;
  std::string base;
  std::string current;  // prints where the database is
  std::string heads;
  std::string history;
};

// What follows when a migration that databases may have applied is changed: what the tool does about it there, as the end
// of a sentence. "" where nothing is known of it.
struct AfterMerge {
  std::string changed = {};
  std::string removed = {};
  std::string overtaken = {};    // by a new one that comes before it
  bool counts_comments = false;  // in its checksum, with which it refuses what is another
  bool applies_missed = false;   // the tool applies whatever it has not applied yet, in whatever place
};

// How a declared step that migrates becomes one that takes revisions back: a word of it is replaced, and what stands around it
// stays: "npx knex migrate:latest --env test" becomes "npx knex migrate:down --env test".
struct WayBack {
  std::vector<std::string> programs;  // "knex": a word of the step, or the end of a path
  std::string migrate;                // "migrate:latest": a word behind it
  // In its place. {count}: of the revisions; {application} and {name}: of the revision to go back to, of Django's
  // "orders.0002_note", where all are of one application.
  std::string back;
  bool each = false;  // one revision at a time: to be run once for each
};

struct Tool {
  std::string name;  // migrations.environment.tool
  bool deep = false;
  Recognized recognized = Recognized::by_configuration;

  // Adds the histories that it finds; what it cannot tell is a problem of the history. It need not set
  // Environment::tool.
  std::function<void(Source&, std::vector<Environment>&)> find = {};
  // The destructive statements of one migration, going up, by its text (of a shallow record, of a file that is not SQL). Without it, SQL files are read by PostgreSQL's
  // parser and a new migration of another kind is undecided.
  std::vector<Statement> (*statements)(std::string_view text) = nullptr;
  Sections sections = {};
  // `${name}` in its SQL files is filled in before they are run (Environment::placeholders).
  bool placeholders = false;
  // Whether the tool itself gives such a name to indexes that are not unique, and to no other.
  bool (*names_plain_index)(std::string_view name) = nullptr;
  // A revision's id stands in its file: the file's name may change.
  bool id_in_file = false;
  // The version as the tool's own table in the database shows it ("5" for golang-migrate's "000005"); without
  // it, that is the revision's id.
  std::string (*version)(std::string_view id) = nullptr;

  // What the tool keeps in the database about itself. Only names that can be nothing else: a table "migrations"
  // may be anybody's.
  std::vector<std::string> tables = {};   // in whatever schema; the first one holds the state
  std::vector<std::string> schemas = {};  // of its own, with all that is in them
  // The table that holds the state, where it is not the first of `tables`: "sqitch.changes", or a name that may be
  // anybody's. A history's own configuration can name another (Environment::version_table).
  std::string state_table = {};
  // The query for the revisions that the database is at, as `version` has them; {table} is the table of the state.
  // "" when there is none to give.
  std::string state = {};
  // The query gives each revision that was applied, not only the last ones.
  bool state_lists_all = false;
  // Alembic: the state is read without being asked for in exitgate.yaml, and the lack of the table means that
  // no revision was applied.
  bool state_is_implicit = false;

  // Its commands, to be shown; "" when it has none that could be written down for any project.
  std::string up = {};    // everything up: "alembic upgrade head"
  std::string down = {};  // everything down: "alembic downgrade base"
  std::string step = {};  // one revision down: "alembic downgrade -1"
  std::string list = {};  // heads and history
  // Fails when the models are not what the migrations make: "alembic check".
  std::string models = {};
  // Commands that migrate, in CI and in tests; words as in matches() of harness/check/shell.h.
  std::vector<std::string> commands = {};
  std::optional<Driver> driver = {};
  // With this file at the root and no exitgate.yaml, the database is provisioned by `up`.
  std::string default_config = {};

  AfterMerge after_merge = {};
  std::optional<WayBack> back = {};

  // Words of its hints.
  std::string up_part = {};    // the part of a migration that goes up: "upgrade()"
  std::string down_part = {};  // the part that goes down: "downgrade()"
  std::string create = {};     // writes a first migration: "alembic revision -m \"...\""
  std::string join = {};       // what to do about two heads: "join them: `alembic merge heads -m \"merge\"`"
};

// All of them: by how they are recognized, and by the names of their files.
const std::vector<Tool>& all_tools();
// Nullptr when there is none of that name.
const Tool* find_tool(std::string_view name);

// The query for the revisions that a database is at, with the name of the table filled in; "" for "".
std::string state_query(std::string_view query, std::string_view table);
// The table that holds the state unless a history's configuration names another; "" when none is known.
std::string state_table(const Tool& tool);

// Whether a line, without blanks before it, begins a tool's section: its comment, and whatever follows.
bool begins_section(std::string_view line, std::string_view comment);
// Whether any line of a text does.
bool has_section(std::string_view text, std::string_view comment);

}  // namespace exitgate::collect
