// From an empty database to the schema, by the target's own commands.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/config/config.h"
#include "harness/database/cluster.h"

namespace exitgate::database {

struct StepResult {
  std::string command;           // as declared; for a statement of ours, the SQL
  std::optional<int> exit_code;  // nullopt when it did not exit by itself
  std::string outcome;           // "ok", or why not: "exit code 1", "no end within 120 s", "cannot run ..."
  std::int64_t duration_ms = 0;
  std::optional<std::string> tail;  // last lines of its output when it failed
  std::string output;               // the end of its output when it failed, up to 64 KiB
  // Where in the commit it failed, when a Python traceback or psql says so.
  std::string file;
  int line = 0;
  bool ok() const { return outcome == "ok"; }
};

// The last place that the output of a failed command names in `tree`: a frame of a Python traceback or a line
// of a file given to psql, which ran in `directory` of the tree. "" and 0 when there is none.
std::pair<std::string, int> place_of_failure(const std::string& output, const std::filesystem::path& tree,
                                             const std::string& directory);

// The name of the database that is provisioned, in each cluster.
inline constexpr const char* kDatabaseName = "exitgate";

// One cluster's database and all that its target's commands need around them.
class Provisioning {
 public:
  // `tree`: an export of the commit that the commands may write to. Of a cluster without a server only ask() may be used; then
  // the environment names no database.
  // `log`: gets the commands and their output, in pieces that end at a line's end.
  Provisioning(Cluster& cluster, const config::Database& declared, std::filesystem::path tree,
               std::function<void(std::string_view)> log);

  // prepare(), then the steps.
  std::vector<StepResult> run();
  // Roles, the database, and what is to be done before the steps. Returns what failed.
  std::optional<StepResult> prepare();
  // One after the other, until one fails, which is the last of the results; within the limit for all steps.
  std::vector<StepResult> run_all(const std::vector<config::Step>& steps) const;

  // One more of the target's commands, afterwards, with its output.
  struct Answer {
    StepResult step;
    std::string output;
  };
  Answer ask(const config::Step& step, std::chrono::milliseconds limit) const;

 private:
  // `changes_schema`: then a statement that psql says failed is a failure, though psql goes on behind it and exits with 0.
  StepResult run_step(const config::Step& step, std::chrono::milliseconds limit, bool changes_schema,
                      std::string* output) const;
  std::vector<std::string> environment() const;
  std::string filled(std::string text) const;
  std::string as_kept(std::string_view text) const;

  Cluster& cluster_;
  const config::Database& declared_;
  std::filesystem::path tree_;
  std::function<void(std::string_view)> log_;
};

}  // namespace exitgate::database
