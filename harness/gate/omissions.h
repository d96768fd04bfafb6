// The gates that are there and not asked, because the profile or an include leaves them out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/gate/included.h"
#include "harness/gate/profile.h"
#include "harness/gate/selection.h"

namespace exitgate::gate {

class Omissions {
 public:
  // `profile`: nullptr asks all. Both must outlive the object.
  Omissions(const Included& included, const Profile* profile) : included_(included), profile_(profile) {}

  // What is being read from here on: a file of the suite, an included one, or exitgate.yaml, whose gates are all asked.
  void in_suite();
  void in_included(const IncludedFile& file);
  void in_configuration();

  // Of a gate's entry before it is read, since what is not asked may be of a later version of Exitgate: nullopt when it is
  // asked.
  std::optional<LeftOut> left_out(const yaml::Node& gate, const std::string& exit_gate);

  // Mistakes: entries of the includes and of the profile that mean no gate.
  std::vector<Mistake> unmatched() const;

 private:
  std::string by(const std::string& gate, const std::vector<std::string>& labels);

  const Included& included_;
  const Profile* profile_;
  const IncludedFile* file_ = nullptr;
  bool in_suite_ = false;
  Selector of_includes_;
  Selector of_profile_;
};

}  // namespace exitgate::gate
