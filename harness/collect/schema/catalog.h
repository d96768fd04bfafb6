// Reading the catalogs: what the readers of each kind of object share. Inside this library only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "harness/collect/schema/snapshot.h"
#include "harness/database/connection.h"

namespace exitgate::collect::schema {

using Oid = std::uint32_t;
struct RelationsWork;

// Catalogs by their OIDs, which are the same on every server.
enum Catalog : Oid {
  kNoCatalog = 0,
  kType = 1247,
  kProcedure = 1255,
  kClass = 1259,
  kDatabase = 1262,
  kConstraint = 2606,
  kConversion = 2607,
  kLanguage = 2612,
  kNamespace = 2615,
  kOperatorClass = 2616,
  kOperator = 2617,
  kRule = 2618,
  kTrigger = 2620,
  kOperatorFamily = 2753,
  kForeignDataWrapper = 2328,
  kForeignServer = 1417,
  kUserMapping = 1418,
  kCast = 2605,
  kAccessMethod = 2601,
  kExtension = 3079,
  kPolicy = 3256,
  kStatistics = 3381,
  kCollation = 3456,
  kEventTrigger = 3466,
  kTransform = 3576,
  kTextDictionary = 3600,
  kTextParser = 3601,
  kTextConfiguration = 3602,
  kTextTemplate = 3764,
  kPublication = 6104,
  kSubscription = 6100,
};

// One row of an answer.
class CatalogRow {
 public:
  explicit CatalogRow(const database::StreamedRow& row) : row_(row) {}
  std::string_view view(int column) const { return row_.text(column); }
  std::string text(int column) const { return std::string(view(column)); }
  bool null(int column) const { return row_.is_null(column); }
  bool boolean(int column) const { return row_.boolean(column); }
  Oid oid(int column) const { return static_cast<Oid>(row_.integer(column)); }
  long long integer(int column) const { return row_.integer(column); }

 private:
  const database::StreamedRow& row_;
};

// `name`, in double quotes where SQL would need them.
std::string quoted(std::string_view name);
// 'text' as a SQL literal.
std::string literal(std::string_view text);
// The elements of an array in PostgreSQL's text form, "{a,"b c"}". NULL elements read "".
std::vector<std::string> array_elements(std::string_view text);
// "name=value" options as they stand in pg_class.reloptions, sorted, "a=1, b=2".
std::string sorted_options(std::string_view array);

// The kind of object that a relation of this pg_class.relkind is: "table", "view", …
std::string_view relation_kind(char kind);

struct Relation {
  std::string qualified;  // "public.orders", quoted where needed
  std::string namespace_name;
  std::string name;
  char kind = 'r';  // pg_class.relkind
  Oid owner = 0;
  // For Object::parent.
  std::string part_of() const { return std::string(relation_kind(kind)) + " " + qualified; }
  bool emitted = false;  // an object of the snapshot, no member of an extension
};

// Collects objects while the answers come in.
class Reader {
 public:
  explicit Reader(int server_version) : server_version_(server_version) {}

  // A query and what to do with each of its rows, in the order of asking; `done`, when given, runs behind the
  // last row and before the first one of the next query.
  void ask(std::string name, std::string sql, std::function<void(const CatalogRow&)> each,
           std::function<void()> done = {});
  // The columns of a catalog that the role may not read; asked for before everything else.
  void set_unreadable(std::string column) { unreadable_.insert(std::move(column)); }
  // The column, or NULL where the role may not read it.
  std::string readable(std::string_view column) const;
  // What the role of this connection may not see: an object that can be neither the same nor another.
  void hide(std::string kind, std::string identity, std::string reason) {
    hidden.push_back({std::move(kind), std::move(identity), std::move(reason)});
  }
  void run(database::Connection& connection);

  // Runs when all answers are there.
  void afterwards(std::function<void()> work) { afterwards_.push_back(std::move(work)); }

  int server_version() const { return server_version_; }
  // In double quotes where PostgreSQL itself writes them: also around its key words.
  std::string in_sql(std::string_view name) const;
  std::string in_sql(std::string_view namespace_name, std::string_view name) const;
  // Whether it is a member of an extension, or made by PostgreSQL itself for another object.
  bool is_member(Catalog catalog, Oid oid) const { return members_.count({catalog, oid}) != 0; }
  std::string role(Oid oid) const;  // "PUBLIC" for 0
  std::string namespace_of(Oid oid) const;
  std::string in_namespace(Oid oid, std::string_view name) const;

  // Adds an object. (catalog, oid, sub) is what a comment on it would refer to.
  void add(Object object, Catalog catalog, Oid oid, int sub = 0);
  // Lets comments refer to what is not an object of its own.
  void describe(Catalog catalog, Oid oid, int sub, std::string_view kind, const std::string& identity);
  // Its owner and its grants beyond the defaults, as objects of their own.
  void add_owner(std::string_view kind, const std::string& identity,
                 const std::optional<std::string>& namespace_name, std::string_view name, Oid owner);
  // `granted`, `standard`: arrays of aclitem in text form. Says what is granted beyond the standard and what
  // of it is revoked; nothing when `granted` is "".
  void add_grants(std::string_view kind, const std::string& identity,
                  const std::optional<std::string>& namespace_name, std::string_view name, Oid owner,
                  std::string_view granted, std::string_view standard);

  std::unordered_map<Oid, Relation> relations;
  std::shared_ptr<RelationsWork> tables;  // what the readers of tables hand on (relations.h)
  std::vector<Object> objects;
  std::vector<ServerObject> server_objects;
  std::vector<Hidden> hidden;
  std::vector<Sequence> sequences;  // as the catalogs say them; not yet where they stand

  // What the first readers fill in for the later ones.
  std::unordered_map<Oid, std::string> roles;
  std::unordered_map<Oid, std::string> namespaces;
  std::set<std::string, std::less<>> key_words;

  // Only what has a comment or a security label needs to be found again by it; asked for before everything else.
  void set_commented(Oid catalog, Oid oid, int sub) { commented_.insert({catalog, oid, sub}); }
  void set_member(Oid catalog, Oid oid) { members_.insert({catalog, oid}); }
  // The object that a comment refers to, or nullptr.
  const std::pair<std::string, std::string>* described(Oid catalog, Oid oid, int sub) const;

 private:
  struct Question {
    std::string name;
    std::string sql;
    std::function<void(const CatalogRow&)> each;
    std::function<void()> done;
  };
  int server_version_;
  std::vector<Question> questions_;
  std::vector<std::function<void()>> afterwards_;
  std::set<std::pair<Oid, Oid>> members_;
  std::set<std::string, std::less<>> unreadable_;
  std::set<std::tuple<Oid, Oid, int>> commented_;
  std::map<std::tuple<Oid, Oid, int>, std::pair<std::string, std::string>> described_;
};

// Each asks for its kinds of objects; the order of these calls is the order of the answers.
void ask_for_names(Reader& reader);        // members of extensions, roles, schemas
void ask_for_relations(Reader& reader);    // tables, views, sequences, their columns, constraints, indexes
void ask_for_table_parts(Reader& reader);  // triggers, rules, policies, statistics objects
void ask_for_types(Reader& reader);        // enums, domains, composite, range and base types
void ask_for_routines(Reader& reader);     // functions, procedures, aggregates, operators, casts
void ask_for_search(Reader& reader);       // operator classes, collations, text search
// Extensions, default privileges, foreign servers, …
void ask_for_database_wide(Reader& reader);
void ask_for_replication(Reader& reader);  // publications and subscriptions
void ask_for_settings(Reader& reader);     // of the database itself: what the head of `pg_dump -C` says
void ask_for_initial_privileges(
    Reader& reader);                         // what PostgreSQL and extensions made with other grants since
void ask_for_sequence_uses(Reader& reader);  // the columns that are filled from sequences
void ask_for_comments(Reader& reader);       // and security labels
void ask_for_server(Reader& reader);         // what the server decides or has as a whole: no part of a schema

// Position behind the literal, quoted name or dollar-quoted text that starts at `at`; `at` itself when none does.
std::size_t behind_quoted(std::string_view text, std::size_t at);

// Two spellings of one expression that PostgreSQL itself makes of one another when a schema is dumped and
// restored, made one: "(ARRAY['a'::character varying, …])::text[]" becomes "ARRAY[('a'::character varying)::text, …]".
std::string normal_expression(std::string_view text);

}  // namespace exitgate::collect::schema
