// A first exitgate.yaml, written by yaml-cpp's emitter.
#pragma once

#include <string>

namespace exitgate::authored {

// What a repository is likely to need, with `step` as the command that migrates an empty database. The rest is in
// comments: lines that are part of the configuration once the "# " before them is taken away.
std::string starter_configuration(const std::string& step);

}  // namespace exitgate::authored
