// Entity Framework Core, by text: outside comments and strings, in files that name it.
#include <array>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/other_languages.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code {

using facts::code::SchemaCallKind;

namespace {

struct Method {
  std::string_view name;
  SchemaCallKind kind;
};

// Comments and strings as blanks, in the syntax of C#.
std::string code_alone(std::string_view text) {
  std::string code(text);
  for (std::size_t at = 0; at < code.size(); ++at) {
    std::size_t end = at;
    if (text.substr(at).starts_with("//")) {
      end = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at).starts_with("/*")) {
      const std::size_t close = text.find("*/", at + 2);
      end = close == std::string_view::npos ? text.size() : close + 2;
    } else if (text[at] == '"' || text[at] == '`' || text[at] == '\'') {
      const char quote = text[at];
      for (end = at + 1; end < text.size() && text[end] != quote; ++end) {
        if (quote != '`' && text[end] == '\n') break;
        if (quote != '`' && text[end] == '\\') ++end;
      }
      end = std::min(end + 1, text.size());
    }
    if (end == at) continue;
    for (std::size_t i = at; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
    at = end - 1;
  }
  return code;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

template <typename Methods>
void search(std::string_view content, const Methods& methods, const SchemaLibrary& library,
            FileFacts& facts) {
  const std::string code = code_alone(content);
  facts.parsed = true;
  int line = 0;
  for (const auto& text : split(code, '\n')) {
    ++line;
    for (const auto& method : methods) {
      const std::size_t at = text.find(method.name);
      if (at == std::string::npos) continue;
      std::size_t begin = at;
      while (begin > 0 && (is_word(text[begin - 1]) || text[begin - 1] == '.')) --begin;
      const std::size_t end = text.find('(', at);
      facts.schema_calls.push_back(
          schema_call_of(library, line, text.substr(begin, end - begin), method.kind));
    }
  }
}

}  // namespace

void find_schema_calls_in_text(std::string_view path, std::string_view content, FileFacts& facts) {
  const auto has = [&](std::string_view word) { return content.find(word) != std::string_view::npos; };
  if (path.ends_with(".cs")) {
    constexpr std::array<Method, 2> kEf = {{{".EnsureCreated(", SchemaCallKind::create_all},
                                            {".EnsureCreatedAsync(", SchemaCallKind::create_all}}};
    // `Database.EnsureCreated()` of a context.
    // These have no migrations.
    const bool document =
        has("CosmosDbContext") || has("UseCosmos") || has("UseMongoDB") || has("MongoDbContext");
    if (!document && has(".EnsureCreated") &&
        (has("EntityFrameworkCore") || has("DbContext") || has("Database.EnsureCreated")))
      search(content, kEf, kEfCore, facts);
  }
}

}  // namespace exitgate::collect::code
