#include "harness/collect/code/file_loads.h"

#include <string_view>

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

using Start = FileReference::Start;

enum class Loader : std::uint8_t { dotenv, dotenv_values, django_dotenv, environs, django_environ, dynaconf };

std::optional<Loader> loader_of(const Tree& tree, const Names& names, Id function) {
  for (const auto& path : names.paths(function)) {
    if (path == "dotenv.load_dotenv" || path == "dotenv.main.load_dotenv") return Loader::dotenv;
    if (path == "dotenv.dotenv_values" || path == "dotenv.main.dotenv_values") return Loader::dotenv_values;
    if (path == "dotenv.read_dotenv") return Loader::django_dotenv;
    if (path == "dynaconf.Dynaconf" || path == "dynaconf.LazySettings") return Loader::dynaconf;
  }
  if (!tree.is(function, Kind::attribute) || tree.text(tree.child(function, Field::attribute)) != "read_env")
    return std::nullopt;
  const Id object = tree.child(function, Field::object);
  std::optional<Library> library;
  for (const auto& path : names.paths(object)) {
    if (const auto known = library_of_class(path)) library = known;
  }
  if (!library) {
    const auto reader = library_reader(tree, names, object);
    if (reader) library = reader->library;
  }
  if (library == Library::environs) return Loader::environs;
  if (library == Library::django_environ) return Loader::django_environ;
  return std::nullopt;
}

struct Arguments {
  Id path = kNoNode;
  bool overrides = false;
  bool recurses = true;
  bool stream = false;
  bool loads = false;  // of Dynaconf(load_dotenv=True)
};

Arguments arguments_of(const Tree& tree, Id call) {
  Arguments given;
  for (const Id argument : tree.children(tree.child(call, Field::arguments))) {
    if (!tree.is(argument, Kind::keyword_argument)) {
      if (given.path == kNoNode) given.path = argument;
      continue;
    }
    const std::string_view name = tree.text(tree.child(argument, Field::name));
    const Id value = inner(tree, tree.child(argument, Field::value));
    // What is computed may be true.
    const bool holds = !tree.is(value, Kind::false_);
    if (name == "dotenv_path" || name == "path" || name == "env_file" || name == "dotenv") given.path = value;
    if (name == "override" || name == "overwrite" || name == "dotenv_override") given.overrides = holds;
    if (name == "recurse") given.recurses = holds;
    if (name == "stream") given.stream = !tree.is(value, Kind::none);
    if (name == "load_dotenv") given.loads = holds;
  }
  if (tree.is(inner(tree, given.path), Kind::none)) given.path = kNoNode;
  return given;
}

// `os.environ.update(dotenv_values(".env"))`, also with its result in a dictionary.
bool updates_environment(const Tree& tree, const Names& names, Id call) {
  for (Id at = tree.parent(call); at != kNoNode; at = tree.parent(at)) {
    tree.spend(1);
    if (tree.is(at, Kind::expression_statement) || tree.is(at, Kind::block)) return false;
    if (tree.is(at, Kind::augmented_assignment))
      return names.stands_for(tree.child(at, Field::left), "os.environ");
    if (tree.is(at, Kind::call) && names.stands_for(tree.child(at, Field::function), "os.environ.update"))
      return true;
  }
  return false;
}

}  // namespace

std::optional<FileLoad> file_load(const Tree& tree, const Names& names, Id call) {
  const auto loader = loader_of(tree, names, inner(tree, tree.child(call, Field::function)));
  if (!loader) return std::nullopt;
  const Arguments given = arguments_of(tree, call);
  FileLoad load;
  load.overrides = given.overrides;
  if (given.stream) return std::nullopt;
  if (*loader == Loader::dotenv_values) {
    if (!updates_environment(tree, names, call)) return std::nullopt;
    load.overrides = true;
  }
  if (*loader == Loader::dynaconf && !given.loads) return std::nullopt;
  const bool named = given.path != kNoNode && *loader != Loader::dynaconf;
  load.file =
      named ? path_of(tree, names, given.path) : FileReference{.start = Start::source, .path = ".env"};
  switch (*loader) {
    case Loader::dotenv:
    case Loader::dotenv_values:
      if (!named) load.file.upwards = true;  // find_dotenv()
      break;
    case Loader::environs:
      // From the folder that is named, or the caller's, upwards: environs walks to the root.
      load.file.upwards = given.recurses;
      break;
    case Loader::dynaconf:
      load.file = {.start = Start::working_directory, .path = ".env", .upwards = true};
      break;
    case Loader::django_dotenv:
    case Loader::django_environ:
      break;
  }
  return load;
}

}  // namespace exitgate::collect::code
