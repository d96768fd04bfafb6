#include "harness/database/libpq.h"

#include <dlfcn.h>
#include <fmt/core.h>

#include "harness/base/error.h"

namespace exitgate::database {

namespace {

constexpr const char* kLibrary = "libpq.so.5";

void* open_library() {
  void* const library = ::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    throw Undecided(fmt::format("cannot load {}: {}", kLibrary, ::dlerror()), "apt-get install libpq5");
  return library;
}

}  // namespace

void* find_in_libpq(const char* function) {
  static void* const library = open_library();  // never closed: it is there until the program ends
  void* const found = ::dlsym(library, function);
  if (found == nullptr)
    throw Undecided(fmt::format("{} has no {}", kLibrary, function), "apt-get upgrade libpq5");
  return found;
}

}  // namespace exitgate::database
