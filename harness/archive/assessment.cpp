#include "harness/archive/assessment.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/archive/seal.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/collect/secrets/scan.h"
#include "harness/record/outcome.h"
#include "harness/record/run_record.h"
#include "harness/record/suite_digest.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;
using collect::secrets::ResidualSecret;

// What looks like a secret and that nobody answers for.
std::vector<ResidualSecret> residual_secrets(const SealOptions& options,
                                             const std::vector<record::PayloadFile>& files) {
  auto found = collect::secrets::scan(options.run, files);
  std::erase_if(found, [&](const ResidualSecret& one) {
    return std::find(options.accepted.begin(), options.accepted.end(), one.path + ":" + one.kind) !=
           options.accepted.end();
  });
  return found;
}

[[noreturn]] void stop_at(const std::vector<ResidualSecret>& found) {
  constexpr std::size_t kShown = 100;
  std::string places;
  for (std::size_t i = 0; i < std::min(found.size(), kShown); ++i) places += "\n  " + to_string(found[i]);
  throw Undecided(fmt::format("nothing is sealed: {} in the run directory {} like a secret in the clear:{}",
                              count_of(found.size(), "place"), found.size() == 1 ? "looks" : "look", places),
                  "keep the value out of what is collected, or report a false alarm");
}

void add_secrets(const SealOptions& options, const std::vector<record::PayloadFile>& files,
                 Assessment& assessment) {
  if (options.secrets == SealOptions::ignore_secrets) return;
  const auto found = residual_secrets(options, files);
  if (!found.empty() && options.secrets == SealOptions::stop_at_secrets) stop_at(found);
  for (const auto& one : found) {
    if (assessment.withheld.insert(one.path).second)
      assessment.problems.push_back(record::withheld(to_string(one)));
  }
}

// The gates that were evaluated must be those that the archive shows.
bool suite_has_changed(const fs::path& run) {
  const record::RunDirectory directory{run};
  if (!fs::exists(directory.run())) return false;
  const auto record = record::parse_record(read_file(directory.run()));
  return record.has_comparable_digest() && record::suite_digest(run) != record.suite_digest;
}

}  // namespace

Assessment assess(const SealOptions& options, const std::vector<std::string>& to_come) {
  Assessment assessment;
  std::vector<record::Unsealable> left_out;
  assessment.files = record::payload_of(options.run, options.members, &left_out);
  for (const auto& [path, reason] : left_out)
    assessment.problems.push_back(fmt::format("left out: '{}' {}", path, reason));
  auto files = assessment.files;
  for (const auto& path : to_come) files.push_back({path, 1});
  for (auto& problem : record::missing_parts(files, options.required))
    assessment.problems.push_back(std::move(problem));
  for (auto& problem : record::changed_parts(options.run)) assessment.problems.push_back(std::move(problem));
  if (suite_has_changed(options.run))
    assessment.problems.emplace_back("suite/ is not what the run began with");
  std::erase_if(assessment.files, [&](const record::PayloadFile& file) {
    return std::find(to_come.begin(), to_come.end(), file.path) != to_come.end();
  });
  add_secrets(options, assessment.files, assessment);
  return assessment;
}

Assessment assess_again(const SealOptions& options, const Assessment& earlier) {
  Assessment assessment = earlier;
  assessment.files = record::payload_of(options.run, options.members);
  for (auto& problem : record::missing_parts(assessment.files, options.required)) {
    if (std::find(assessment.problems.begin(), assessment.problems.end(), problem) ==
        assessment.problems.end())
      assessment.problems.push_back(std::move(problem));
  }
  std::vector<record::PayloadFile> unseen;
  for (const auto& file : assessment.files) {
    const bool seen = std::any_of(earlier.files.begin(), earlier.files.end(), [&](const auto& one) {
      return one.path == file.path && one.size == file.size;
    });
    if (!seen) unseen.push_back(file);
  }
  add_secrets(options, unseen, assessment);
  return assessment;
}

}  // namespace exitgate::archive
