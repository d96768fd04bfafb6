// A migration's SQL file, made ready for the parser.
#pragma once

#include <string>
#include <string_view>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

struct Tool;

// Adds what the file does on the way up: blank, in its place, is what stands in the way down of a file that
// holds both (Tool::sections of `tool`, and the unmistakable ones of all tools), psql's own commands and the
// data of COPY. What a command of psql's hides (an included file, statements that \gexec makes) is undecided.
void add_upgrade(std::string_view text, Statements& statements, const Tool* tool = nullptr);

}  // namespace exitgate::collect
