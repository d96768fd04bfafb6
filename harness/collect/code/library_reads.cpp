#include "harness/collect/code/library_reads.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

enum class Library : std::uint8_t { decouple, environs, django_environ, dj_database_url, starlette };

struct Reader {
  Library library;
  Id constructor = kNoNode;  // the call that made the object; kNoNode for the library's own
};

std::optional<Library> library_of_class(std::string_view path) {
  if (path == "decouple.Config" || path == "decouple.AutoConfig") return Library::decouple;
  if (path == "environs.Env" || path == "environs.FileAwareEnv") return Library::environs;
  if (path == "environ.Env" || path == "environ.FileAwareEnv" || path == "environ.environ.Env")
    return Library::django_environ;
  if (path == "starlette.config.Config") return Library::starlette;
  return std::nullopt;
}

// The library whose object the expression is: one that its constructor makes here, or the library's own.
std::optional<Reader> reader_of(const Tree& tree, const Names& names, Id expression) {
  expression = inner(tree, expression);
  for (const auto& path : names.paths(expression)) {
    if (path == "decouple.config") return Reader{Library::decouple};
    if (path == "environs.env") return Reader{Library::environs};
  }
  std::vector<Id> values = {expression};
  if (tree.is(expression, Kind::identifier)) values = names.values(expression);
  for (const Id value : values) {
    const Id made = inner(tree, value);
    if (!tree.is(made, Kind::call)) continue;
    for (const auto& path : names.paths(tree.child(made, Field::function))) {
      if (const auto library = library_of_class(path)) return Reader{*library, made};
    }
  }
  return std::nullopt;
}

// Methods that read one variable, its name first and a default second.
bool reads_one(std::string_view method) {
  constexpr std::array<std::string_view, 20> kMethods = {
      "str",  "unicode", "bytes", "int", "bool",   "float", "json",      "list",    "dict",         "tuple",
      "path", "url",     "raw",   "db",  "db_url", "enum",  "dj_db_url", "decimal", "dj_cache_url", "cache"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

// `with env.prefixed("APP_"):` around the place.
bool is_prefixed(const Tree& tree, Id place) {
  for (Id at = tree.parent(place); at != kNoNode; at = tree.parent(at)) {
    tree.spend(1);
    if (!tree.is(at, Kind::with_statement)) continue;
    const std::string_view head =
        tree.source().substr(tree[at].start, tree[tree.child(at, Field::body)].start - tree[at].start);
    if (head.find(".prefixed(") != std::string_view::npos) return true;
  }
  return false;
}

struct Arguments {
  Id variable = kNoNode;
  Id fallback = kNoNode;
  bool unpacked = false;
};

Arguments arguments_of(const Tree& tree, Id call, std::size_t fallback_position) {
  Arguments given;
  std::size_t position = 0;
  for (const Id argument : tree.children(tree.child(call, Field::arguments))) {
    if (tree.is(argument, Kind::keyword_argument)) {
      const std::string_view name = tree.text(tree.child(argument, Field::name));
      const Id value = tree.child(argument, Field::value);
      if (name == "default") given.fallback = value;
      if (name == "option" || name == "name" || name == "var" || name == "key" || name == "env")
        given.variable = value;
    } else if (tree.is(argument, Kind::list_splat) || tree.is(argument, Kind::dictionary_splat)) {
      given.unpacked = true;
    } else {
      if (position == 0) given.variable = argument;
      if (position == fallback_position) given.fallback = argument;
      ++position;
    }
  }
  return given;
}

// What the constructor says of all reads: `Env(DATABASE_URL=(str, "…"))` is a default, `Env(eager=False)` and
// what is handed on leave open whether a read raises.
void apply_constructor(const Tree& tree, const Reader& reader, Access& access) {
  for (const Id argument : tree.children(tree.child(reader.constructor, Field::arguments))) {
    if (tree.is(argument, Kind::dictionary_splat)) access.kind = AccessKind::get;
    if (!tree.is(argument, Kind::keyword_argument)) continue;
    const std::string_view name = tree.text(tree.child(argument, Field::name));
    if (reader.library == Library::environs) {
      if (name == "eager") access.kind = AccessKind::get;
      if (name == "prefix") access.variable = std::nullopt;
    }
    if (reader.library == Library::django_environ && access.variable && name == *access.variable) {
      const Id scheme = inner(tree, tree.child(argument, Field::value));
      if (!tree.is(scheme, Kind::tuple) && !tree.is(scheme, Kind::identifier)) access.kind = AccessKind::get;
      if (tree.is(scheme, Kind::tuple) && tree.children(scheme).size() > 1) access.has_default = true;
    }
  }
}

}  // namespace

std::optional<Access> library_read(const Tree& tree, const Names& names, Id call) {
  const Id function = inner(tree, tree.child(call, Field::function));
  std::optional<Reader> reader;
  std::string_view method;
  if (names.stands_for(function, "dj_database_url.config")) {
    reader = Reader{Library::dj_database_url};
  } else {
    reader = reader_of(tree, names, function);
    if (!reader && tree.is(function, Kind::attribute)) {
      method = tree.text(tree.child(function, Field::attribute));
      if (!reads_one(method)) return std::nullopt;
      reader = reader_of(tree, names, tree.child(function, Field::object));
      const bool methods =
          reader && (reader->library == Library::environs || reader->library == Library::django_environ);
      if (!methods) return std::nullopt;
    }
  }
  if (!reader) return std::nullopt;
  const bool cast_second =
      method.empty() && (reader->library == Library::django_environ || reader->library == Library::starlette);
  const Arguments given = arguments_of(tree, call, cast_second ? 2 : 1);
  Access access;
  access.node = call;
  access.kind = AccessKind::item;
  if (given.variable != kNoNode) {
    access.variable = names.constant(given.variable);
  } else if (reader->library == Library::dj_database_url || method == "db" || method == "db_url") {
    access.variable = "DATABASE_URL";
  } else if (!given.unpacked) {
    return std::nullopt;
  }
  if (given.unpacked || reader->library == Library::dj_database_url) access.kind = AccessKind::get;
  if (given.fallback != kNoNode) {
    access.kind = AccessKind::get;
    access.has_default = !tree.is(inner(tree, given.fallback), Kind::none);
  }
  if (reader->constructor != kNoNode && !access.has_default) apply_constructor(tree, *reader, access);
  if (access.has_default) access.kind = AccessKind::get;
  if (reader->library == Library::environs && is_prefixed(tree, call)) access.variable = std::nullopt;
  return access;
}

}  // namespace exitgate::collect::code
