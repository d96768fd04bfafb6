// The namespaces that a throwaway server and the commands of the target share, held by file descriptors.
#pragma once

#include <optional>

#include "harness/base/process.h"
#include "harness/sandbox/containment.h"

namespace exitgate::sandbox {

class Namespaces {
 public:
  // `own_network`: one with a loopback alone, where `allowed` has it. `other`: a user besides ours that programs are to run
  // as. Throws Undecided.
  Namespaces(const Containment& allowed, bool own_network, const std::optional<Command::Identity>& other);
  ~Namespaces();
  Namespaces(const Namespaces&) = delete;
  Namespaces& operator=(const Namespaces&) = delete;

  // -1 where there is none.
  int user() const { return user_; }
  int network() const { return network_; }

 private:
  void close();
  int user_ = -1;
  int network_ = -1;
};

}  // namespace exitgate::sandbox
