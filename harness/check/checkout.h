// Where the checkout of a job leaves the run's token: who uploads that place gives the token away.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "harness/check/check.h"

namespace exitgate::check {

enum class CheckoutToken {
  git_config,  // in .git/config: actions/checkout before v6, and whatever is not known
  maybe,       // there, unless the commit that the action is pinned to is v6 or later
  elsewhere,   // in the runner's temporary folder, since v6, or nowhere (`persist-credentials: false`)
};

class Checkouts {
 public:
  explicit Checkouts(const Facts& facts);  // of the store `ci`

  // Of several checkouts in a job the worst. A job in which none is seen, and a composite action, count as `git_config`:
  // whoever calls it may have checked out before.
  CheckoutToken token(const std::string& file, const std::string& job) const;

 private:
  std::map<std::pair<std::string, std::string>, CheckoutToken> tokens_;
};

}  // namespace exitgate::check
