// A page of evidence, written once and rendered as Markdown or as HTML. Nothing in the data can become
// markup: names and messages come from repositories that anybody may have written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::report {

// Text of one line with marks for code and strong; made by plain(), code() and strong() and by putting their
// results and literals together. Which characters need escaping is known where it is rendered.
using Inline = std::string;

// Control characters and newlines are made visible or replaced, so that the data holds no marks.
Inline plain(std::string_view text);
Inline code(std::string_view text);    // "" for an empty string
Inline strong(std::string_view text);  // "" for an empty string

// Sentences, in which words between backquotes are code: our own, and messages of checks.
Inline prose(std::string_view text);

// code("file:line"); "" when there is no file.
Inline code_place(std::string_view file, long long line);

std::string inline_markdown(const Inline& text);
std::string inline_html(const Inline& text);

class Page {
 public:
  void heading(int level, const Inline& text);
  void paragraph(const Inline& text);
  void commands(const std::vector<std::string>& lines);  // that a reader can paste into a shell, as they are
  void list(const std::vector<Inline>& items);
  // With `most`, rows beyond it are left out and counted, and `rest` says how to see them.
  void table(const std::vector<std::string>& header, const std::vector<std::vector<Inline>>& rows,
             std::size_t most = 0, const Inline& rest = "");

  std::string markdown() const;
  std::string html() const;

 private:
  struct Block {
    enum class Kind { heading, paragraph, commands, list, table } kind;
    int level = 0;
    std::vector<std::vector<Inline>> rows = {};  // of a table the header first; else one row
  };
  std::vector<Block> blocks_;
};

}  // namespace exitgate::report
