#include "harness/archive/claims.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::archive {

namespace {

std::string first_of(const std::vector<std::string>& problems) {
  constexpr std::size_t kShown = 5;
  std::string text =
      join(std::vector<std::string>(problems.begin(), problems.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                             kShown, problems.size()))),
           "; ");
  if (problems.size() > kShown) text += fmt::format("; and {} more", problems.size() - kShown);
  return text;
}

}  // namespace

void Claims::conclude(const std::string& name, const std::vector<std::string>& problems,
                      const std::string& detail) {
  if (problems.empty()) {
    proven(name, detail);
  } else {
    failed(name, first_of(problems));
  }
}

void Claims::add(Claim::Status status, std::string name, const std::string& detail) {
  claims_.push_back({status, std::move(name), printable(detail)});
}

}  // namespace exitgate::archive
