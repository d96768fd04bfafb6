// Apart from what asks about formats alone, which then needs no reader.
#include "harness/documents/document.h"

namespace exitgate::documents {

std::vector<Node> read_documents(std::string_view text, Format format) {
  switch (format) {
    case Format::json:
      return {read_json(text, false)};
    case Format::jsonc:
      return {read_json(text, true)};
    case Format::yaml:
      return read_yaml(text);
    case Format::toml:
      return {read_toml(text)};
    case Format::ini:
      return {read_ini(text)};
    case Format::xml:
      break;
  }
  return {};
}

}  // namespace exitgate::documents
