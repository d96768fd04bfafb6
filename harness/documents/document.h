// A document of any format as one tree, each value with its line.
//
//   for (const Document& document : read_documents(text, Format::yaml))
//     for (const Found& found : select(document.root, Pointer("/services/*/image"))) …
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "harness/json/json.h"

namespace exitgate::documents {

// `jsonc`: JSON with comments and commas behind the last item, as tsconfig.json.
enum class Format { json, jsonc, yaml, toml, ini, xml };

std::optional<Format> format_named(std::string_view name);
// By the file's name; nullopt when it does not tell.
std::optional<Format> format_of_file(std::string_view path);
std::string_view name_of(Format format);  // "JSON", "YAML", …

enum class Type { object, array, string, number, boolean, null };
std::string_view name_of(Type type);  // "object", "array", …

struct Member;

struct Node {
  Type type = Type::null;
  int line = 0;                 // counts from 1
  std::string text;             // of a string as it is, of another scalar as JSON: "3.10", "true", "null"
  std::vector<Node> items;      // of an array
  std::vector<Member> members;  // of an object, in the order of the file

  const Node* find(std::string_view key) const;
};

struct Member {
  std::string key;
  Node value;
};

Json to_json(const Node& node);

// Why a text is not read; what() is the message without a place.
class DocumentError : public std::runtime_error {
 public:
  DocumentError(const std::string& message, int at_line) : std::runtime_error(message), line(at_line) {}
  int line;  // 0 when it is not known
};

// The documents of a text; more than one only in YAML. Throws DocumentError, also for a key that is given twice: readers do
// not agree on which counts. Not for Format::xml (harness/documents/xml.h).
std::vector<Node> read_documents(std::string_view text, Format format);

// Parts of it, each in a file of its own.
Node read_json(std::string_view text, bool with_comments);
std::vector<Node> read_yaml(std::string_view text);
Node read_toml(std::string_view text);
Node read_ini(std::string_view text);

}  // namespace exitgate::documents
