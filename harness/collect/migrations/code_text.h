// What of a program's text is carried out, for telling an edit of it from an edit of a comment.
#pragma once

#include <string>
#include <string_view>

namespace exitgate::collect {

// The lines of the text, each without blanks at its ends, but for empty ones, those that are wholly a comment (`//`, `#`,
// `--`, `/* … */`), and imports (JavaScript, Python, Java, Go, C#, PHP, Ruby, Elixir, Rust). Comments behind code stay. Two
// texts that are equal so do the same; of two that differ, nothing is said.
std::string without_comments_and_imports(std::string_view text);

}  // namespace exitgate::collect
