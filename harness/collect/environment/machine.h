// The machine: operating system, kernel, processor. No host name, no user name, no address.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace exitgate::collect::environment {

// Name and value, in a fixed order; what cannot be told is left out.
std::vector<std::pair<std::string, std::string>> describe_machine();

}  // namespace exitgate::collect::environment
