// One rehearsal, in a server of its own.
#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "harness/collect/rehearsal/findings.h"
#include "harness/collect/rehearsal/upgrade_plan.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/masked_log.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "harness/database/provision.h"
#include "harness/rows/contents.h"

namespace exitgate::collect::rehearsal {

class Rehearsal {
 public:
  // Starts the server and exports both commits. All that is given must outlive this. Throws Undecided.
  Rehearsal(const DatabaseStage& stage, const config::Database& declared, const UpgradePlan& plan,
            schema::MaskedLog& log, Findings& findings);

  // The base's schema, rows, the upgrade, the way back; what is found out goes to the findings. Throws Undecided when we
  // could not do our own part.
  void run();

 private:
  // What the database was at one moment.
  struct State {
    schema::Snapshot snapshot;
    rows::Contents contents;
  };

  std::unique_ptr<database::Connection> administrator(bool read_only = false) const;
  bool is_of_tool(const std::string& identity) const;
  bool add(StepPhase phase, std::vector<database::StepResult> results);
  std::string last_failure() const;
  bool begin_with_base();
  void put_rows();
  State state() const;
  observe::Mark mark() const;
  std::vector<std::string> busy_tables() const;
  void upgrade();
  void go_back(const State& before);
  void add_statements(const observe::Mark& from, Phase phase);
  std::vector<schema::Difference> add_losses(const State& before, const State& after, Phase phase);

  const DatabaseStage& stage_;
  const config::Database& declared_;
  const UpgradePlan& plan_;
  Findings& findings_;
  database::Cluster cluster_;
  std::filesystem::path base_tree_;
  std::filesystem::path tree_;
  database::Provisioning at_base_;  // the base's files
  database::Provisioning at_head_;  // the commit's
  std::set<std::string> version_tables_;
  std::set<int> own_processes_;  // of the server, that serve the traffic
};

}  // namespace exitgate::collect::rehearsal
