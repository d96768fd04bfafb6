#include "harness/collect/schema/run_stairway.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/thread_group.h"
#include "harness/collect/schema/masked_log.h"
#include "harness/collect/schema/stair_walk.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::size_t kFewestToHalve = 4;

// A server with an export of the commit, and a walk that is about to begin.
class StairServer {
 public:
  StairServer(const DatabaseStage& stage, const database::ServerPrograms& programs,
              const config::Database& declared, std::function<void(std::string_view)> log)
      : cluster_(programs, declared.limits),
        tree_(cluster_.folder_for("tree")),
        provisioning_(cluster_, declared, tree_, std::move(log)),
        walk_(cluster_, provisioning_, declared) {
    export_commit(stage.checkout, {tree_});
    if (const auto failed = provisioning_.prepare())
      throw Undecided(fmt::format("no stairway: `{}`: {}", failed->command, failed->outcome));
    walk_.prepare();
  }
  StairWalk& walk() { return walk_; }

 private:
  database::Cluster cluster_;
  std::filesystem::path tree_;
  database::Provisioning provisioning_;
  StairWalk walk_;
};

// The stairs from the middle on, walked before it is known whether the walk comes there.
struct UpperHalf {
  std::optional<std::string> began_with;  // the state of the database; nullopt: it could not be brought there
  std::vector<StairResult> results = {};
  std::string log = {};
};

class Halves {
 public:
  Halves(const DatabaseStage& stage, const database::ServerPrograms& programs,
         const config::Database& declared, const std::vector<Stair>& stairs)
      : stage_(stage),
        programs_(programs),
        declared_(declared),
        stairs_(stairs),
        middle_((stairs.size() + 1) / 2) {}

  std::vector<StairResult> walk(MaskedLog& log) {
    UpperHalf upper;
    std::atomic<bool> needed{true};
    ThreadGroup beside;
    beside.start([&] { walk_upper(upper, needed); });
    std::vector<StairResult> results;
    try {
      StairServer server(stage_, programs_, declared_, log.sink());
      if (!server.walk().walk(stairs_, 0, middle_, results)) {
        needed = false;
        return results;
      }
      beside.join();
      if (upper.began_with && *upper.began_with == server.walk().state()) {
        log.write(upper.log);
        std::move(upper.results.begin(), upper.results.end(), std::back_inserter(results));
      } else {
        server.walk().walk(stairs_, middle_, stairs_.size(), results);
      }
    } catch (...) {
      needed = false;
      throw;
    }
    return results;
  }

 private:
  // Whatever goes wrong here is met again where it belongs, behind the lower half.
  void walk_upper(UpperHalf& upper, const std::atomic<bool>& needed) const {
    try {
      StairServer server(stage_, programs_, declared_, [&](std::string_view text) { upper.log += text; });
      if (!server.walk().go_straight_to(stairs_[middle_ - 1])) return;
      auto state = server.walk().state();
      for (std::size_t at = middle_; at < stairs_.size() && needed; ++at) {
        if (!server.walk().walk(stairs_, at, at + 1, upper.results)) break;
      }
      upper.began_with = std::move(state);
    } catch (const std::exception&) {
      upper.began_with.reset();
    }
  }

  const DatabaseStage& stage_;
  const database::ServerPrograms& programs_;
  const config::Database& declared_;
  const std::vector<Stair>& stairs_;
  std::size_t middle_;
};

}  // namespace

bool can_begin_in_the_middle(const config::Database& declared, const Environment& history,
                             const std::vector<Stair>& stairs) {
  if (!declared.stairs.up.empty() || stairs.size() < kFewestToHalve) return false;
  for (std::size_t at = 0; at < stairs.size(); ++at) {
    if (!stairs[at].not_tried.empty()) return false;
    if (stairs[at].parent != (at == 0 ? "" : stairs[at - 1].revision)) return false;
  }
  return std::all_of(history.revisions.begin(), history.revisions.end(),
                     [](const Revision& revision) { return revision.depends.empty(); });
}

void run_stairway(const DatabaseStage& stage, const database::ServerPrograms& programs,
                  const config::Database& declared, const std::vector<Environment>& histories,
                  const std::filesystem::path& log, std::vector<StairResult>& stairway,
                  std::size_t& revisions, std::optional<Problem>& problem) {
  if (!declared.stairway) return;
  try {
    const auto& history = history_of(declared, histories);
    revisions = history.revisions.size();
    const auto stairs = stairs_of(history);
    MaskedLog masked(log, stage.redactor);
    if (std::thread::hardware_concurrency() > 1 && can_begin_in_the_middle(declared, history, stairs)) {
      stairway = Halves(stage, programs, declared, stairs).walk(masked);
    } else {
      StairServer server(stage, programs, declared, masked.sink());
      server.walk().walk(stairs, 0, stairs.size(), stairway);
    }
    masked.check();
  } catch (...) {
    problem = current_problem("stairway");
  }
}

}  // namespace exitgate::collect::schema
