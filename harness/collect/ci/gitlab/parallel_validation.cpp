#include "harness/collect/ci/gitlab/parallel_validation.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostJobs = 200;
constexpr std::string_view kParallelKeys[] = {"matrix"};
constexpr std::string_view kRetryKeys[] = {"max", "when", "exit_codes"};
// A reason why a job failed (Ci::Build.failure_reasons), or 'always'. GitLab's list grows with each release, so that any words
// of that form are taken.
bool is_retry_reason(std::string_view word) {
  return word == "always" ||
         (word.find('_') != std::string_view::npos &&
          word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
}

void validate_reason(const yaml::Node& node, const std::string& what, Checks& checks) {
  if (is_unknown(node) || (node.is_scalar() && is_retry_reason(node.text))) return;
  checks.refuse(node, fmt::format("{} is '{}', which is not a reason of a failure", what, node.text));
}

bool is_matrix_value(const yaml::Node& value) {
  return is_unknown(value) || (value.is_scalar() && (is_string(value) || is_integer(value)));
}

// Of the combinations of one entry; 0: not known.
std::size_t validate_matrix_entry(const yaml::Node& entry, const std::string& what, Checks& checks) {
  if (entry.entries.empty()) {
    checks.refuse(entry, what + " has an empty entry");
    return 0;
  }
  std::size_t combinations = 1;
  for (const auto& one : entry.entries) {
    const yaml::Node& value = one.value;
    const bool all = value.is_sequence()
                         ? std::all_of(value.items.begin(), value.items.end(), is_matrix_value)
                         : is_matrix_value(value);
    if (!all)
      checks.refuse(one.key, fmt::format("'{}' in {} has a value that is neither a string nor an integer",
                                         one.key.text, what));
    if (is_unknown(value)) return 0;
    combinations = std::min(combinations * (value.is_sequence() ? value.items.size() : 1), kMostJobs + 1);
  }
  return combinations;
}

void validate_count(const yaml::Node& value, std::int64_t least, std::int64_t most, const std::string& what,
                    Checks& checks) {
  if (is_unknown(value)) return;
  if (!is_integer(value) ||
      (value.kind == yaml::Kind::integer && (value.integer < least || value.integer > most)))
    checks.refuse(value, fmt::format("{} is not an integer from {} to {}", what, least, most));
}

}  // namespace

void validate_parallel(const yaml::Node& parallel, const std::string& what, Checks& checks) {
  if (parallel.is_scalar()) return validate_count(parallel, 1, kMostJobs, what, checks);
  if (!parallel.is_mapping()) return checks.refuse(parallel, what + " is neither an integer nor a mapping");
  if (!checks.keys(parallel, kParallelKeys, what)) return;
  const yaml::Node* matrix = parallel.find("matrix");
  if (matrix == nullptr) return checks.refuse(parallel, what + " has no 'matrix'");
  if (matrix->is_null() || is_unknown(*matrix)) return;
  if (!matrix->is_sequence())
    return checks.refuse(*matrix, fmt::format("'matrix' in {} is not a list", what));
  std::size_t jobs = 0;
  for (const auto& entry : matrix->items) {
    if (is_unknown(entry)) continue;
    if (!entry.is_mapping()) {
      checks.refuse(entry, fmt::format("'matrix' in {} has an entry that is not a mapping", what));
      return;
    }
    jobs += validate_matrix_entry(entry, fmt::format("'matrix' in {}", what), checks);
  }
  if (jobs > kMostJobs) checks.refuse(*matrix, fmt::format("{} makes more than {} jobs", what, kMostJobs));
}

void validate_retry(const yaml::Node& retry, const std::string& what, Checks& checks) {
  if (retry.is_scalar()) return validate_count(retry, 0, 2, what, checks);
  if (!retry.is_mapping()) return checks.refuse(retry, what + " is neither an integer nor a mapping");
  if (!checks.keys(retry, kRetryKeys, what)) return;
  if (const yaml::Node* most = value_of(retry, "max"))
    validate_count(*most, 0, 2, fmt::format("'max' in {}", what), checks);
  if (const yaml::Node* codes = value_of(retry, "exit_codes"))
    checks.integers_or_integer(*codes, fmt::format("'exit_codes' in {}", what));
  const yaml::Node* when = value_of(retry, "when");
  if (when == nullptr) return;
  checks.strings_or_string(*when, fmt::format("'when' in {}", what));
  if (when->is_scalar()) validate_reason(*when, fmt::format("'when' in {}", what), checks);
  for (const auto& item : when->items) validate_reason(item, fmt::format("'when' in {}", what), checks);
}

}  // namespace exitgate::collect::ci::gitlab
