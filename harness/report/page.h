// A Markdown page, written so that nothing in the data can become markup: names and messages come from
// repositories that anybody may have written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::report {

// Plain text for a paragraph, a heading or a table's cell: markup characters are escaped, control characters
// and newlines become visible or spaces.
std::string plain(std::string_view text);

// Inline code, whatever backquotes and pipes are in the text; "" for an empty text.
std::string code(std::string_view text);

// code("file:line"); "" when there is no file.
std::string code_place(std::string_view file, long long line);

class Page {
 public:
  void heading(int level, std::string_view text);        // taken as plain text
  void paragraph(std::string_view markdown);             // taken as it is: build it from plain() and code()
  void commands(const std::vector<std::string>& lines);  // a block that a reader can paste into a shell
  void block(const std::vector<std::string>& lines);     // output as it was
  void list(const std::vector<std::string>& items);      // Markdown each
  // Cells are Markdown. With `most`, rows beyond it are left out and counted, and `rest` says how to see
  // them.
  void table(const std::vector<std::string>& header, const std::vector<std::vector<std::string>>& rows,
             std::size_t most = 0, std::string_view rest = "");

  const std::string& text() const { return text_; }

 private:
  void fenced(std::string_view language, const std::vector<std::string>& lines);
  std::string text_;
};

}  // namespace exitgate::report
