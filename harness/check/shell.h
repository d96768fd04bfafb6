// What a shell script runs, as far as its text tells: enough to say "alembic upgrade comes before pytest",
// without running or expanding anything.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::check {

// The simple commands of a script in their order, each as its words. Comments, redirections and assignments are gone,
// quotes are taken off, lines that end in a backslash are joined; commands that a shell is given (`bash -c "a && b"`)
// follow its own, and those in `$( )` come before the command around them. The text of a here-document is not a
// command, unless a shell reads it.
std::vector<std::vector<std::string>> shell_commands(std::string_view script);

// Whether a command does what `pattern` names: the pattern's words stand in it in that order, each word a
// glob over one word of the command or its base name ("alembic upgrade" holds for `poetry run
// /opt/bin/alembic -c x upgrade`). A command that only installs or shows what it names (`pip install pytest`,
// `echo pytest`) does not do it.
bool matches(const std::vector<std::string>& command, std::string_view pattern);

}  // namespace exitgate::check
