// The five forms of a scalar, from the text to its value: escapes and folding are done here.
//
// `parent` is the column of the collection that the scalar is a value of (-1: of none): the lines of the
// scalar must stand further to the right.
#pragma once

#include <string>

#include "harness/yaml/cursor.h"

namespace exitgate::yaml {

// From the opening quote to behind the closing one.
std::string read_single_quoted(Cursor& cursor, int parent);
std::string read_double_quoted(Cursor& cursor, int parent);

// Whether a plain scalar can begin here.
bool begins_plain(const Cursor& cursor, bool in_flow);
// What of a plain scalar stands on this line, without the blanks after it.
std::string read_plain_line(Cursor& cursor, bool in_flow);
// The lines that follow, folded and added to `text`.
void read_plain_rest(Cursor& cursor, int parent, bool in_flow, std::string& text);

// From `|` or `>` to the start of the first line that is not part of it.
std::string read_block_scalar(Cursor& cursor, int parent);

}  // namespace exitgate::yaml
