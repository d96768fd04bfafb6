#include "harness/check/checkout.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "harness/base/text.h"

namespace exitgate::check {

namespace {

// The commits of actions/checkout's releases from v6.0.0 to v7.0.1, for those who pin them.
constexpr std::array<std::string_view, 7> kSinceSix = {
    "1af3b93b6815bc44a9784bd300feb67ff0d1eeb3", "8e8c483db84b4bee98b60c0593521ed34d9990e8",
    "de0fac2e4500dabe0009e67214ff5f5447ce83dd", "df4cb1c069e1874edd31b4311f1884172cec0e10",
    "d23441a48e516b6c34aea4fa41551a30e30af803", "9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0",
    "3d3c42e5aac5ba805825da76410c181273ba90b1",
};

CheckoutToken token_of(const std::string& pin, std::string_view ref) {
  if (pin == "sha") {
    const bool known = std::find(kSinceSix.begin(), kSinceSix.end(), ref) != kSinceSix.end();
    return known ? CheckoutToken::elsewhere : CheckoutToken::maybe;
  }
  if (ref == "main") return CheckoutToken::elsewhere;
  if (ref.starts_with('v')) ref.remove_prefix(1);
  int major = 0;
  const auto [end, error] = std::from_chars(ref.data(), ref.data() + ref.size(), major);
  return error == std::errc() && major >= 6 ? CheckoutToken::elsewhere : CheckoutToken::git_config;
}

}  // namespace

Checkouts::Checkouts(const Facts& facts) {
  for (const Row& row :
       facts.query("SELECT u.file AS file, u.job AS job, u.pin AS pin, coalesce(u.ref, '') AS ref, "
                   "  lower(coalesce(json_extract(CASE WHEN json_valid(s.inputs) THEN s.inputs END, "
                   "'$.\"persist-credentials\"'), '')) AS persist "
                   "FROM ci.action_use u LEFT JOIN ci.step s "
                   "  ON s.file = u.file AND s.job = u.job AND s.position = u.position "
                   "WHERE u.job <> '' AND (lower(u.action) = 'actions/checkout' OR lower(u.action) LIKE "
                   "'%/actions/checkout')")) {
    const auto token = row.text("persist") == "false" ? CheckoutToken::elsewhere
                                                      : token_of(row.text("pin"), row.text("ref"));
    const auto [at, added] = tokens_.try_emplace({row.text("file"), row.text("job")}, token);
    if (!added) at->second = std::min(at->second, token);
  }
}

CheckoutToken Checkouts::token(const std::string& file, const std::string& job) const {
  const auto found = tokens_.find({file, job});
  return found == tokens_.end() ? CheckoutToken::git_config : found->second;
}

}  // namespace exitgate::check
