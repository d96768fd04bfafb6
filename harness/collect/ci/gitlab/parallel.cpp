#include "harness/collect/ci/gitlab/parallel.h"

#include <fmt/core.h>

#include <utility>

#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostJobs = 200;

// All combinations of one entry of a matrix, the last key turning fastest; false where one is not known.
bool add_combinations(const std::string& job, const yaml::Node& entry, std::vector<ParallelJob>& jobs) {
  std::vector<ParallelJob> all(1);
  for (const auto& key : entry.entries) {
    std::vector<const yaml::Node*> values;
    if (key.value.is_sequence()) {
      for (const auto& item : key.value.items) values.push_back(&item);
    } else {
      values.push_back(&key.value);
    }
    std::vector<ParallelJob> longer;
    for (const ParallelJob& begin : all) {
      for (const yaml::Node* value : values) {
        if (is_unknown(*value) || !value->is_scalar()) return false;
        ParallelJob& one = longer.emplace_back(begin);
        one.name += (one.name.empty() ? "" : ", ") + value->text;
        one.variables.emplace_back(key.key.text, value->text);
        if (longer.size() > kMostJobs) return false;
      }
    }
    all = std::move(longer);
  }
  for (ParallelJob& one : all) {
    one.name = fmt::format("{}: [{}]", job, one.name);
    jobs.push_back(std::move(one));
  }
  return true;
}

}  // namespace

std::vector<ParallelJob> parallel_jobs(const std::string& job, const yaml::Node& parallel) {
  std::vector<ParallelJob> jobs;
  if (parallel.kind == yaml::Kind::integer) {
    const auto count = std::min<std::int64_t>(parallel.integer, kMostJobs);
    for (std::int64_t i = 1; i <= count; ++i) jobs.push_back({fmt::format("{} {}/{}", job, i, count), {}});
    return jobs;
  }
  const yaml::Node* matrix = parallel.find("matrix");
  if (matrix == nullptr) return jobs;
  for (const auto& entry : matrix->items) {
    if (is_unknown(entry) || !add_combinations(job, entry, jobs)) return {};
  }
  return jobs;
}

std::vector<std::string> parallel_names(const std::string& job, const yaml::Node& parallel) {
  std::vector<std::string> names;
  for (ParallelJob& one : parallel_jobs(job, parallel)) names.push_back(std::move(one.name));
  return names;
}

}  // namespace exitgate::collect::ci::gitlab
