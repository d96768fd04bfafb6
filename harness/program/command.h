// The program's subcommands: each stands in a file of its own and enters itself into the table.
#pragma once

#include <string_view>
#include <vector>

namespace exitgate::program {

struct Subcommand {
  std::string_view name;
  std::string_view summary;  // one line
  bool hidden;               // called by ctest only
  int (*run)(int argc,
             char** argv);  // argv[0] is the subcommand's name; returns the exit code; may throw Error
};

const std::vector<Subcommand>& subcommands();

// One of each, in <name>_command.cpp.
int run_tables(int argc, char** argv);

}  // namespace exitgate::program
