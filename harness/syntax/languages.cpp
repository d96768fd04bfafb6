#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/syntax/language.h"

namespace exitgate::syntax {

const Language* language_named(std::string_view name) {
  for (const Language* language : languages()) {
    if (lower(language->name) == lower(name)) return language;
  }
  return nullptr;
}

const Language* language_of_file(std::string_view path) {
  const std::string_view name = name_of(path);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return nullptr;
  const std::string ending = lower(name.substr(dot + 1));
  for (const Language* language : languages()) {
    for (const std::string_view known : language->endings) {
      if (known == ending) return language;
    }
  }
  return nullptr;
}

}  // namespace exitgate::syntax
