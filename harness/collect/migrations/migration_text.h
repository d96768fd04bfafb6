// A migration's text as the statements that it carries out, so that an edit of them can be told from an edit of comments,
// blanks, imports, quotes, documentation strings and type hints.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect {

struct Tool;

// One statement of SQL, or of a program one statement of a module, class or function.
struct TextStatement {
  int line = 1;  // in the text
  std::string
      form;  // equal for statements that do the same; of two that differ, one may do the same all the same
  std::string shown;  // in one line
};

struct MigrationText {
  std::vector<TextStatement> up;
  std::vector<TextStatement> down;  // of the way back, where it is in the same text
  // False: the text is not in a language that is read, or does not parse, so that of two forms that differ nothing is known.
  bool understood = true;
};

// `path` tells the language.
MigrationText read_migration_text(std::string_view path, std::string_view text, const Tool* tool);

// Statements of SQL, split at ';', in lower case but for what is quoted; bodies in $$ are read as well.
std::vector<TextStatement> sql_text_statements(std::string_view sql);

// Of a program in Python, Ruby, JavaScript or TypeScript; of another language, or where it does not parse, `understood` is
// false and there are no statements.
MigrationText read_program_text(std::string_view path, std::string_view text, const Tool* tool);

}  // namespace exitgate::collect
