// The one YAML reader: gate files, exitgate.yaml and workflows all come through here.
//
// It builds a tree with a line mark on every node, YAML 1.2 core scalars, and limits that hold on hostile
// input. It refuses what GitHub refuses: duplicate keys, unknown tags.
//
// Why a reader of our own. A workflow file is untrusted text, and each library at hand fails it: yaml-cpp 0.7
// reads 43 of the 402 cases of the YAML test suite wrongly (22 of them texts that must be refused), takes
// 900 MB for 4 MB of '[' and reads 5 MB a second; libfyaml 0.7.12 reads all cases and is fast, but reads
// beyond its buffers and hangs after minutes of fuzzing. yaml-cpp is the second opinion of the tests.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::yaml {

enum class Kind { null, boolean, integer, real, string, sequence, mapping };

std::string_view kind_name(Kind kind);  // "null", "boolean", "integer", "number", "string", "list", "mapping"

struct Entry;

struct Node {
  Kind kind = Kind::null;
  int line = 0;         // counts from 1
  int column = 0;       // counts from 1
  bool quoted = false;  // a scalar in quotes or a block scalar
  // Which of several texts it comes from, where a reader makes one tree of them; else 0.
  std::uint16_t source = 0;
  std::string text;  // of a scalar, as the YAML value reads (escapes and folding done); "" for collections
  bool boolean = false;              // of Kind::boolean
  std::int64_t integer = 0;          // of Kind::integer
  double real = 0;                   // of Kind::integer and Kind::real
  std::string tag;                   // of a list that has the tag that Limits allows; else ""
  std::vector<Node> items;           // of Kind::sequence
  std::vector<Entry> entries;        // of Kind::mapping, in the order of the file
  std::vector<std::uint32_t> index;  // of a large mapping: its entries sorted by key, for find(); else empty

  bool is_scalar() const { return kind != Kind::sequence && kind != Kind::mapping; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_mapping() const { return kind == Kind::mapping; }
  bool is_null() const { return kind == Kind::null; }
  bool is_string() const { return kind == Kind::string; }

  // The value under `key` of a mapping, or nullptr (also when this is not a mapping).
  const Node* find(std::string_view key) const;
};

struct Entry {
  Node key;
  Node value;
};

struct Limits {
  std::size_t bytes = 4U << 20;  // of the text
  std::size_t depth = 100;       // of nesting
  std::size_t nodes = 500'000;   // after aliases are expanded
  bool duplicate_keys = false;   // whether a mapping may have a key twice: both entries are kept
  bool ignore_key_case = false;  // whether keys that differ by case alone are duplicates, as at GitHub
  // Whether to read what YAML refuses and GitHub promises to go on reading: a comment right behind a token
  // (`[one]#, two`), and lines of a quoted scalar at any indentation.
  bool lenient = false;
  // Whether names of anchors may hold only letters, digits, '-' and '_', as libyaml, YamlDotNet and go-yaml have it:
  // the readers of GitHub, GitLab, Forgejo and Gitea.
  bool word_anchors = false;
  std::string_view list_tag = {};  // a tag that lists may have (GitLab's "!reference"); none by default
};

// Why a text is not read. what() is the message alone, without a place.
class Problem : public std::runtime_error {
 public:
  Problem(const std::string& message, int at_line, int at_column)
      : std::runtime_error(message), line(at_line), column(at_column) {}
  int line;
  int column;
};

// The only document of the text; a text without one is a null node. Throws Problem for whatever YAML does not
// allow, and for what GitHub does not: a second document, an alias to a node that it is part of, a key that
// is given twice (keys are compared as text, so that `1` and "1" are one key), a key that is a list or a
// mapping, a tag other than the core schema's, text that is not UTF-8. A key `<<` is a key like any other:
// GitHub Actions has no merge keys.
Node parse(std::string_view text, const Limits& limits = {});

}  // namespace exitgate::yaml
