// A migration's SQL file, made ready for the parser.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

struct Tool;

// Adds what the file does on the way up: blank, in its place, is what stands in the way down of a file that
// holds both (Tool::sections of `tool`, and the unmistakable ones of all tools), psql's own commands and the
// data of COPY. What a command of psql's hides (an included file, statements that \gexec makes) is undecided.
void add_upgrade(std::string_view text, Statements& statements, const Tool* tool = nullptr);

// The text with blank lines in the place of the way down; all else stays.
std::string up_part(std::string_view text, const Tool* tool);

// The text with the values in the place of `${name}`; a name that has none stands there as a name of SQL, without
// anything around it.
std::string fill_placeholders(std::string_view text, const std::map<std::string, std::string>& values);

}  // namespace exitgate::collect
