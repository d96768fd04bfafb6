#include "harness/collect/code/library_readers.h"

#include <vector>

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::Kind;

std::optional<Library> library_of_class(std::string_view path) {
  if (path == "decouple.Config" || path == "decouple.AutoConfig") return Library::decouple;
  if (path == "environs.Env" || path == "environs.FileAwareEnv") return Library::environs;
  if (path == "environ.Env" || path == "environ.FileAwareEnv" || path == "environ.environ.Env")
    return Library::django_environ;
  if (path == "starlette.config.Config") return Library::starlette;
  return std::nullopt;
}

std::optional<LibraryReader> library_reader(const syntax::Tree& tree, const syntax::Names& names,
                                            Id expression) {
  expression = syntax::inner(tree, expression);
  for (const auto& path : names.paths(expression)) {
    if (path == "decouple.config") return LibraryReader{Library::decouple};
    if (path == "environs.env") return LibraryReader{Library::environs};
  }
  std::vector<Id> values = {expression};
  if (tree.is(expression, Kind::identifier)) values = names.values(expression);
  for (const Id value : values) {
    const Id made = syntax::inner(tree, value);
    if (!tree.is(made, Kind::call)) continue;
    for (const auto& path : names.paths(tree.child(made, Field::function))) {
      if (const auto library = library_of_class(path)) return LibraryReader{*library, made};
    }
  }
  return std::nullopt;
}

}  // namespace exitgate::collect::code
