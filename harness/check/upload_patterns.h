// What the `path:` of an upload takes, as actions/upload-artifact reads it (actions/toolkit, packages/glob).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::check {

// One line of a `path:`.
struct UploadPattern {
  std::string written;  // without white space at its ends, and without the `!`
  bool excludes = false;
  // As a person means it: without the workspace in front, `./` and a slash at the end; "." is the workspace.
  std::string path;
  // A part '.' or '..', for which the action refuses every line: the whole step fails.
  bool relative = false;
  // The part of it that begins with a dot, for which it surely takes nothing when hidden files are left out: the file's own
  // name, or a folder that is searched ("dist/.cache/*"). A folder that the line only leads through (".reports/junit.xml")
  // is not looked at. "": it may take something.
  std::string hidden;
  // A part that a shell would expand and the action takes as it is written: "$HOME". "": none.
  std::string variable;
};

// The lines of a `path:`, without empty ones and comments. `workspace`: what stands for the workspace in front of a path
// (ci.provider.workspace).
std::vector<UploadPattern> upload_patterns(std::string_view path, const std::vector<std::string>& workspace);

}  // namespace exitgate::check
