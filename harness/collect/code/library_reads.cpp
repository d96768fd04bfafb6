#include "harness/collect/code/library_reads.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "harness/collect/code/library_readers.h"
#include "harness/collect/code/path_expressions.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

// Methods that read one variable, its name first and a default second.
bool reads_one(std::string_view method) {
  constexpr std::array<std::string_view, 20> kMethods = {
      "str",  "unicode", "bytes", "int", "bool",   "float", "json",      "list",    "dict",         "tuple",
      "path", "url",     "raw",   "db",  "db_url", "enum",  "dj_db_url", "decimal", "dj_cache_url", "cache"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

// The argument under that name, or at that position (counted from 0; -1: by its name alone).
Id argument_of(const Tree& tree, Id call, std::string_view name, int position) {
  int at = 0;
  for (const Id argument : tree.children(tree.child(call, Field::arguments))) {
    if (tree.is(argument, Kind::keyword_argument)) {
      if (tree.text(tree.child(argument, Field::name)) == name) return tree.child(argument, Field::value);
    } else if (at++ == position) {
      return argument;
    }
  }
  return kNoNode;
}

// What comes before the name in the environment, of `with env.prefixed("APP_"):` around the place; nullopt: computed.
std::optional<std::string> prefix_around(const Tree& tree, const Names& names, Id place) {
  std::string prefix;
  for (Id at = tree.parent(place); at != kNoNode; at = tree.parent(at)) {
    tree.spend(1);
    if (!tree.is(at, Kind::with_statement)) continue;
    const Id body = tree.child(at, Field::body);
    for (Id inside = at + 1; inside < body; ++inside) {
      const Id function = tree.is(inside, Kind::call) ? tree.child(inside, Field::function) : kNoNode;
      if (!tree.is(function, Kind::attribute) ||
          tree.text(tree.child(function, Field::attribute)) != "prefixed")
        continue;
      const auto part = names.constant(argument_of(tree, inside, "prefix", 0));
      if (!part) return std::nullopt;
      prefix.insert(0, *part);
    }
  }
  return prefix;
}

// `env.prefix = "APP_"` of django-environ, anywhere in the file; nullopt: computed, or several.
std::optional<std::string> assigned_prefix(const Tree& tree, const Names& names, Id object) {
  if (!tree.is(object, Kind::identifier)) return "";
  const std::string assigned = std::string(tree.text(object)) + ".prefix";
  if (tree.source().find(assigned) == std::string_view::npos) return "";
  std::optional<std::string> prefix;
  for (Id id = 0; id < tree.size(); ++id) {
    if (!tree.is(id, Kind::assignment) || tree.text(tree.child(id, Field::left)) != assigned) continue;
    if (prefix) return std::nullopt;
    prefix = names.constant(tree.child(id, Field::right));
    if (!prefix) return std::nullopt;
  }
  return prefix ? prefix : "";
}

// What the library puts before each name; nullopt: computed.
std::optional<std::string> prefix_of(const Tree& tree, const Names& names, const LibraryReader& reader,
                                     Id object, Id call) {
  const auto given = [&](std::string_view name, int position) -> std::optional<std::string> {
    if (reader.constructor == kNoNode) return "";
    const Id argument = argument_of(tree, reader.constructor, name, position);
    if (argument == kNoNode || tree.is(inner(tree, argument), Kind::none)) return "";
    return names.constant(argument);
  };
  switch (reader.library) {
    case Library::environs: {
      const auto own = given("prefix", -1);
      const auto around = prefix_around(tree, names, call);
      if (!own || !around) return std::nullopt;
      return *own + *around;
    }
    case Library::django_environ:
      return assigned_prefix(tree, names, object);
    case Library::starlette:
      return given("env_prefix", 2);
    case Library::decouple:
    case Library::dj_database_url:
      break;
  }
  return "";
}

// The file that a repository of python-decouple reads; nullopt: none of the commit.
std::optional<FileReference> repository_file(const Tree& tree, const Names& names, Id repository) {
  repository = inner(tree, repository);
  if (tree.is(repository, Kind::identifier)) {
    const auto values = names.values(repository);
    if (values.size() == 1) repository = inner(tree, values[0]);
  }
  if (tree.is(repository, Kind::call)) {
    const Id source = argument_of(tree, repository, "source", 0);
    for (const auto& path : names.paths(tree.child(repository, Field::function))) {
      if (path == "decouple.RepositoryEmpty" || path == "decouple.RepositorySecret") return std::nullopt;
      if (path != "decouple.RepositoryEnv" && path != "decouple.RepositoryIni") continue;
      FileReference file = path_of(tree, names, source);
      if (path == "decouple.RepositoryIni") file.format = FileReference::Format::ini;
      return file;
    }
  }
  return FileReference{};
}

// The file whose values stand in for variables that are not set.
std::optional<FileReference> file_of(const Tree& tree, const Names& names, const LibraryReader& reader) {
  const Id made = reader.constructor;
  if (reader.library == Library::starlette) {
    const Id file = made == kNoNode ? kNoNode : argument_of(tree, made, "env_file", 0);
    if (file == kNoNode || tree.is(inner(tree, file), Kind::none)) return std::nullopt;
    return path_of(tree, names, file);
  }
  if (reader.library != Library::decouple) return std::nullopt;
  // AutoConfig looks from the caller's folder upwards, and takes the first file that is there.
  FileReference file{.start = FileReference::Start::source, .path = ""};
  if (made != kNoNode && !names.stands_for(tree.child(made, Field::function), "decouple.AutoConfig"))
    return repository_file(tree, names, argument_of(tree, made, "repository", 0));
  if (made != kNoNode) {
    const Id folder = argument_of(tree, made, "search_path", 0);
    if (folder != kNoNode) file = path_of(tree, names, folder);
  }
  file.format = FileReference::Format::decouple;
  file.upwards = true;
  return file;
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
void apply_constructor(const Tree& tree, const LibraryReader& reader, Access& access) {
  for (const Id argument : tree.children(tree.child(reader.constructor, Field::arguments))) {
    if (tree.is(argument, Kind::dictionary_splat)) access.kind = AccessKind::get;
    if (!tree.is(argument, Kind::keyword_argument)) continue;
    const std::string_view name = tree.text(tree.child(argument, Field::name));
    if (reader.library == Library::environs) {
      if (name == "eager") access.kind = AccessKind::get;
    }
    if (reader.library == Library::django_environ && access.variable && name == *access.variable) {
      const Id scheme = inner(tree, tree.child(argument, Field::value));
      if (!tree.is(scheme, Kind::tuple) && !tree.is(scheme, Kind::identifier)) access.kind = AccessKind::get;
      if (tree.is(scheme, Kind::tuple) && tree.children(scheme).size() > 1) access.has_default = true;
    }
  }
}

}  // namespace

std::optional<Access> library_read(const Tree& tree, const Names& names, const FileValues& files, Id call) {
  const Id function = inner(tree, tree.child(call, Field::function));
  std::optional<LibraryReader> reader;
  std::string_view method;
  Id object = function;
  if (names.stands_for(function, "dj_database_url.config")) {
    reader = LibraryReader{Library::dj_database_url};
  } else {
    reader = library_reader(tree, names, function);
    if (!reader && tree.is(function, Kind::attribute)) {
      method = tree.text(tree.child(function, Field::attribute));
      // Of django-environ, and the names of __call__ in decouple's and Starlette's Config.
      const bool plain = method == "get_value" || method == "get";
      if (!plain && !reads_one(method)) return std::nullopt;
      object = tree.child(function, Field::object);
      reader = library_reader(tree, names, object);
      if (!reader) return std::nullopt;
      const bool environs = reader->library == Library::environs;
      const bool django = reader->library == Library::django_environ;
      if (plain ? (environs || django != (method == "get_value")) : !(environs || django))
        return std::nullopt;
      if (plain) method = "";
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
    // The name is a constant of the library.
    for (const std::string_view constant :
         {"dj_database_url.DEFAULT_ENV", "environ.Env.DEFAULT_DATABASE_ENV"}) {
      if (names.stands_for(given.variable, constant)) access.variable = "DATABASE_URL";
    }
  } else if (reader->library == Library::dj_database_url || method == "db" || method == "db_url") {
    access.variable = "DATABASE_URL";
  } else if (!given.unpacked) {
    return std::nullopt;
  }
  const auto prefix = prefix_of(tree, names, *reader, object, call);
  if (!prefix) {
    access.variable = std::nullopt;
  } else if (access.variable) {
    access.variable->insert(0, *prefix);
  }
  if (given.unpacked || reader->library == Library::dj_database_url) access.kind = AccessKind::get;
  if (given.fallback != kNoNode) {
    access.kind = AccessKind::get;
    access.has_default = !tree.is(inner(tree, given.fallback), Kind::none);
  }
  if (reader->constructor != kNoNode && !access.has_default) apply_constructor(tree, *reader, access);
  if (access.has_default) access.kind = AccessKind::get;
  if (const auto file = file_of(tree, names, *reader); file && access.variable) {
    if (const auto value = files.find(*file, *access.variable)) {
      access.given_by = value->place;
      access.kind = AccessKind::get;
      access.has_default = access.has_default || value->certain;
    }
  }
  return access;
}

}  // namespace exitgate::collect::code
