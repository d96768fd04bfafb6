// The commands of a team's own gates (`check: command`): each in a copy of the commit's files of its own, in the sandbox.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect {

struct GateCommand {
  std::string gate;  // "EG-ACME1.licenses"
  std::string file;  // where the gate is declared
  int line = 0;
  std::string run;        // for /bin/sh -e -c
  std::string directory;  // relative to the root; "" is the root
  int timeout_seconds = 60;
  bool network = false;
  int memory_mb = 4096;
  int disk_mb = 8192;
  std::string pattern;  // "" for none
};

// Writes RUN/facts/commands.db (harness/facts/tables/commands.sql) and RUN/logs/gates/<gate>.log. One after the other. What cannot be
// run is a row and no exception, and so are the blobs that the clone lacks: without them, nothing is run. With the process's own death
// all that was started ends, and the copies go. Throws Undecided when nothing can be run at all: then commands.db has the reason.
void collect_commands(const Checkout& checkout, const std::vector<GateCommand>& commands,
                      const redact::Redactor& redactor, const std::filesystem::path& run,
                      const std::function<void(std::string_view line)>& say);

}  // namespace exitgate::collect
