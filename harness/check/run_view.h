// The expanded run of a pull request, as checks ask it: what is uploaded and downloaded, and in which order.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/check.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {

// A row of ci.artifact_instance with what stands around it.
struct RunArtifact {
  ci::ArtifactInstance artifact;
  const ci::JobInstance* job = nullptr;
  std::int64_t position = 0;      // of the step in the job
  ci::Runs runs = ci::Runs::yes;  // whether it happens where nothing fails, the job counted in
  bool failure_ignored = false;   // surely, by the step itself
};

enum class Order {
  before,  // the first of two has surely ended when the second begins
  after,   // the second before the first
  any,     // they run beside each other
};

class RunView {
 public:
  explicit RunView(const Facts& facts);

  // All that can happen, by run and step.
  const std::vector<RunArtifact>& artifacts() const { return artifacts_; }

  // Of two of one run.
  Order order(const RunArtifact& one, const RunArtifact& other) const;

  // The instance of the job in the workflow that the pull request starts, then those that it calls, down to this one.
  std::vector<const ci::JobInstance*> chain(const ci::JobInstance& job) const;

 private:
  bool waits(const std::string& file, const std::string& job, const std::string& needs) const;

  std::map<std::int64_t, ci::JobInstance> jobs_;
  std::vector<RunArtifact> artifacts_;
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> needs_;
};

// An undecided finding for each upload or download that a pull request reaches and of which the expanded run has nothing:
// its workflow has too many jobs or steps to be expanded.
void report_unexpanded(const Facts& facts, std::string_view direction, Report& report);

}  // namespace exitgate::check
