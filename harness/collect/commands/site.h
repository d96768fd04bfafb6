// Where commands run: copies of the commit's files in a private folder, which goes with the object or the process.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/commands/collect.h"
#include "harness/collect/commands/output.h"
#include "harness/collect/schema/export.h"
#include "harness/database/supervisor.h"

namespace exitgate::collect::commands {

struct Ran {
  std::optional<int> exit_code;  // nullopt when it did not exit by itself
  std::string outcome;           // "exit code 1", "no end within 60 s"
  std::int64_t milliseconds = 0;
};

class Site {
 public:
  // Exports the commit. Throws Undecided.
  explicit Site(const Checkout& checkout);
  ~Site();
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;

  const std::vector<schema::LeftOut>& left_out() const { return left_out_; }
  // A fresh copy of the commit's files, with a home and a folder for temporary files beside it: nothing of what another command
  // changed is in it. `last`: no other one is to follow.
  std::filesystem::path make_tree(bool last);
  // Runs it there, and removes the copy. Throws nothing: what could not be started is an outcome.
  Ran run(const GateCommand& command, const std::filesystem::path& tree, Output& output);

 private:
  std::filesystem::path folder_;
  std::unique_ptr<database::Supervisor> supervisor_;
  std::vector<schema::LeftOut> left_out_;
  int number_ = 0;
};

}  // namespace exitgate::collect::commands
