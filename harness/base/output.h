// Where text leaves for people: the one writer of the program's standard output and standard error.
//
// What is written may quote a target: a file name, a job's name, a message of a tool. No line of it is ever a command to
// whoever reads the output (a terminal, or a CI runner that scans logs), and no message stands inside the line of another.
#pragma once

#include <string>
#include <string_view>

namespace exitgate {

// The text with nothing in it that a reader obeys, line by line:
// - each line is printable(); with `colors`, our own SGR sequences (ESC [ digits m) stay;
// - a line that begins with `::`, after white space of any kind, as GitHub's commands do, gets a backslash before it;
std::string without_commands(std::string_view text, bool colors = false);

// Writes without_commands(text) to standard output, at once and behind all that was written before. `text` ends with a line
// break, or the next writer continues its line.
void say(std::string_view text);
void say_in_color(std::string_view text);

// The same to standard error. What was said on standard output before it comes out before it.
void say_error(std::string_view text);

// A message of the program to standard error: "exitgate: MESSAGE", then each line of the hint behind "  > ".
void say_problem(std::string_view message, std::string_view hint = {});

// A document for a program (JSON, XML, HTML) to standard output, byte for byte.
void write_document(std::string_view text);

}  // namespace exitgate
