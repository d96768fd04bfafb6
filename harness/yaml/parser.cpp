#include "harness/yaml/parser.h"

#include <fmt/core.h>

#include <utility>

#include "harness/base/text.h"

namespace exitgate::yaml {

void Parser::read_directives() {
  bool any = false;
  bool version = false;
  for (;;) {
    cursor_.skip_gap();
    if (cursor_.peek() != '%' || cursor_.column() != 0) break;
    any = true;
    const Place place = cursor_.place();
    std::string_view line = cursor_.rest();
    line = line.substr(0, line.find('\n'));
    for (std::size_t i = 1; i < line.size(); ++i) {
      if (line[i] == '#' && is_blank(line[i - 1])) line = line.substr(0, i);
    }
    std::vector<std::string> words;
    for (std::string& word : split(line, ' ')) {
      if (!trim(word).empty()) words.emplace_back(trim(word));
    }
    if (words[0] == "%YAML") {
      const bool fits = words.size() == 2 && words[1].starts_with("1.") && words[1].size() > 2 &&
                        words[1].find_first_not_of("0123456789", 2) == std::string::npos;
      if (!fits) Cursor::fail(place, "'%YAML' wants one version, 1.2");
      if (version) Cursor::fail(place, "a second '%YAML'");
      version = true;
    } else if (words[0] == "%TAG") {
      const bool fits = words.size() == 3 && words[1].front() == '!' && words[1].back() == '!';
      if (!fits) Cursor::fail(place, "'%TAG' wants a handle and a prefix");
      if (!handles_.emplace(words[1], words[2]).second) {
        Cursor::fail(place, fmt::format("a second '%TAG' for '{}'", words[1]));
      }
    }
    cursor_.skip_line();
  }
  if (any && !(cursor_.at_document_marker() && cursor_.peek() == '-')) {
    cursor_.fail("a '%' directive without the '---' of its document");
  }
}

void Parser::end_document() {
  Gap gap = cursor_.skip_gap();
  bool closed = false;
  while (cursor_.at_document_marker() && cursor_.peek() == '.') {
    closed = true;
    cursor_.advance(3);
    gap = cursor_.skip_gap();
    if (!gap.newline && !cursor_.at_end()) cursor_.fail("unexpected text behind '...'");
  }
  if (cursor_.at_end()) return;
  if (!gap.newline) cursor_.fail("unexpected text behind a value");
  if (closed || cursor_.at_document_marker()) {
    cursor_.fail("unexpected content after the document: a file holds one document");
  }
  cursor_.fail("text without a place in the document");
}

Node Parser::parse() {
  // A stream may begin with the end of a document that is not there.
  for (;;) {
    read_directives();
    if (!cursor_.at_document_marker() || cursor_.peek() != '.') break;
    cursor_.advance(3);
    if (!cursor_.skip_gap().newline && !cursor_.at_end()) cursor_.fail("unexpected text behind '...'");
  }
  if (cursor_.at_document_marker()) cursor_.advance(3);
  Node root = block_node(-1, Role::document);
  end_document();
  return root;
}

}  // namespace exitgate::yaml
