// Collecting the claims of a verification, in the order in which they are told.
#pragma once

#include <string>
#include <vector>

#include "harness/archive/verify.h"

namespace exitgate::archive {

// What the details quote of an archive is made printable: it may hold anything.
class Claims {
 public:
  explicit Claims(std::vector<Claim>& claims) : claims_(claims) {}

  void proven(std::string name, const std::string& detail) { add(Claim::proven, std::move(name), detail); }
  void not_asked(std::string name, const std::string& detail) {
    add(Claim::not_asked, std::move(name), detail);
  }
  void failed(std::string name, const std::string& detail) { add(Claim::failed, std::move(name), detail); }
  // Neither proven nor refuted: never good.
  void undecided(std::string name, const std::string& detail) {
    add(Claim::undecided, std::move(name), detail);
  }
  // Proven with `detail` when there are no problems, else failed with the first of them and the number of the others.
  void conclude(const std::string& name, const std::vector<std::string>& problems, const std::string& detail);

 private:
  void add(Claim::Status status, std::string name, const std::string& detail);

  std::vector<Claim>& claims_;
};

}  // namespace exitgate::archive
