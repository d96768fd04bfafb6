// Objects of libraries that read the environment: python-decouple's config, environs' and django-environ's Env, Starlette's
// Config, and dj-database-url's function.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

enum class Library : std::uint8_t { decouple, environs, django_environ, dj_database_url, starlette };

struct LibraryReader {
  Library library;
  syntax::Id constructor = syntax::kNoNode;  // the call that made the object; kNoNode for the library's own
};

// The library whose object the expression is: one that its constructor makes here, or the library's own.
std::optional<LibraryReader> library_reader(const syntax::Tree& tree, const syntax::Names& names,
                                            syntax::Id expression);
// The library whose class the path names ("environ.Env").
std::optional<Library> library_of_class(std::string_view path);

}  // namespace exitgate::collect::code
