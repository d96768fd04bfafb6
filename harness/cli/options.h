// Reading a subcommand's arguments with CLI11, in the program's own manner: mistakes are UsageErrors, --help
// prints and ends.
#pragma once

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <optional>
#include <string>

namespace exitgate::cli {

// Throws UsageError; returns the exit code when the call ends here (--help).
std::optional<int> parse(CLI::App& app, int argc, char** argv);

}  // namespace exitgate::cli
