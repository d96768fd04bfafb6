// Programs that run another command: `env X=1 pytest`, `timeout 10m pytest`, `docker compose run app pytest`,
// `bash -c 'pytest'`.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace exitgate::commands {

struct Unwrapped {
  enum What {
    nothing,  // it is no wrapper, or none with a command behind it
    command,  // `words` is the command behind it
    script,   // `text` is a script that a shell reads
    file,     // `text` is the path of a script that a shell reads
  };
  What what = nothing;
  std::vector<std::string> words;
  std::string text;
  std::string directory;      // where it runs, "" for the same; relative to that
  bool in_container = false;  // in an image, of which nothing is known: paths are not those of the commit
  bool node_program = false;  // a program of the JavaScript packages
  bool project_script =
      false;  // it may be a script that the project defines for the wrapper: `hatch run test`
};

// One layer.
Unwrapped unwrap(std::span<const std::string> words);

}  // namespace exitgate::commands
