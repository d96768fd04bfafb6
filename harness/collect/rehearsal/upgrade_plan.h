// What there is to rehearse: the commit to begin with, the revisions that are new, the commands that run them and lead
// back.
#pragma once

#include <string>
#include <vector>

#include "harness/collect/rehearsal/places.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/plan.h"

namespace exitgate::collect::rehearsal {

struct UpgradePlan {
  std::string base;                      // commit
  std::string reference;                 // that it follows from: "refs/remotes/origin/main"
  std::vector<Revision> revisions = {};  // that are new, in the order in which they are run
  bool from_nothing = false;             // the base has no migration, so that its database is empty
  std::string nothing_new = {};          // why there is nothing to rehearse
  std::string not_possible = {};         // why it cannot be
  std::string hint = {};
  std::vector<config::Step> way_back = {};  // from the last of the revisions to before the first
  std::string no_way_back = {};             // why there is none
  std::string no_way_back_hint = {};
};

UpgradePlan plan_upgrade(const DatabaseStage& stage, const schema::Plan& plan);

}  // namespace exitgate::collect::rehearsal
