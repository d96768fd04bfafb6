// What this kernel allows to take away from a program, found out by trying.
#pragma once

#include <string>

namespace exitgate::sandbox {

struct Containment {
  bool network = false;         // a network of its own, with nothing but a loopback
  bool files = false;           // a view of the files of its own
  bool processes = false;       // it sees its own processes alone, and all of them end with it
  bool user_namespace = false;  // these take a user namespace
  std::string reason = {};      // why something is not allowed; "" when all is
};

// Tried once for each process of ours. EXITGATE_SANDBOX=off in our environment stands for a kernel that allows nothing.
const Containment& containment();

}  // namespace exitgate::sandbox
