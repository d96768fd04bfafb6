// What a check asks of the CI provider that a file belongs to, so that no check names one.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/check/check.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {

class Providers {
 public:
  explicit Providers(const Facts& facts);  // of the store `ci`

  // The row of ci.provider of the file's provider. A file whose provider is not known is judged by the strictest
  // rules, and its provider is called "the CI provider".
  const ci::Provider& of(const std::string& file) const;

  // The one that all workflows belong to; where there are several or none, the first that Exitgate knows.
  const ci::Provider& of_most() const;

  // By its name in ci.provider; nullptr where Exitgate knows none of that name.
  const ci::Provider* named(std::string_view name) const;

  // Of all that Exitgate knows, as their users call them.
  std::vector<std::string> titles() const;

 private:
  std::vector<ci::Provider> known_;
  std::map<std::string, std::size_t> of_file_;  // index of known_
};

// What stands for the folder of the checkout in a path: "$GITHUB_WORKSPACE".
std::vector<std::string> workspace_names(const ci::Provider& provider);

// Whether the action ('actions/checkout', without the ref) is maintained by the provider itself.
bool is_own_action(const ci::Provider& provider, std::string_view action);

// The words with what stands for its name in them: "{days}" for {"days", "30"}.
std::string fill(std::string_view words,
                 std::initializer_list<std::pair<std::string_view, std::string>> values);

// How long an artifact is kept.
enum class Retention {
  long_enough,
  too_short,    // for `retention_days` days
  by_settings,  // for as long as the settings of the repository happen to say
  not_known,    // for a time that only the run knows
};
Retention retention_of(const ci::Provider& provider, const std::optional<std::string>& retention,
                       const std::optional<std::int64_t>& retention_days, std::int64_t least);

// Whether an upload with this condition runs after something failed before it, and whether it always runs, as
// far as the text alone tells. "" is a condition that is not given.
bool runs_after_failure(const ci::Provider& provider, std::string_view condition);
bool runs_always(const ci::Provider& provider, std::string_view condition);

}  // namespace exitgate::check
