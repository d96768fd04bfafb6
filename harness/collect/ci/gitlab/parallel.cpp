#include "harness/collect/ci/gitlab/parallel.h"

#include <fmt/core.h>

#include <utility>

#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostJobs = 200;

// All combinations of one entry of a matrix, the last key turning fastest; false where one is not known.
bool add_combinations(const std::string& job, const yaml::Node& entry, std::vector<std::string>& names) {
  std::vector<std::string> all = {""};
  for (const auto& key : entry.entries) {
    std::vector<const yaml::Node*> values;
    if (key.value.is_sequence()) {
      for (const auto& item : key.value.items) values.push_back(&item);
    } else {
      values.push_back(&key.value);
    }
    std::vector<std::string> longer;
    for (const std::string& begin : all) {
      for (const yaml::Node* value : values) {
        if (is_unknown(*value) || !value->is_scalar()) return false;
        longer.push_back(begin + (begin.empty() ? "" : ", ") + value->text);
        if (longer.size() > kMostJobs) return false;
      }
    }
    all = std::move(longer);
  }
  for (const std::string& values : all) names.push_back(fmt::format("{}: [{}]", job, values));
  return true;
}

}  // namespace

std::vector<std::string> parallel_names(const std::string& job, const yaml::Node& parallel) {
  std::vector<std::string> names;
  if (parallel.kind == yaml::Kind::integer) {
    const auto count = std::min<std::int64_t>(parallel.integer, kMostJobs);
    for (std::int64_t i = 1; i <= count; ++i) names.push_back(fmt::format("{} {}/{}", job, i, count));
    return names;
  }
  const yaml::Node* matrix = parallel.find("matrix");
  if (matrix == nullptr) return names;
  for (const auto& entry : matrix->items) {
    if (is_unknown(entry) || !add_combinations(job, entry, names)) return {};
  }
  return names;
}

}  // namespace exitgate::collect::ci::gitlab
