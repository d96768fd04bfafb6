// Reading a subcommand's arguments in the program's own manner: a mistake is a UsageError, --help prints and ends.
// CLI11 reads them; it stands in options.cpp alone, because each file that includes it costs 15 to 20 seconds of compiling.
//
//   std::string archive;
//   Options options("Shows a run's evidence in one screen.", "exitgate show");
//   options.add("ARCHIVE", archive, "an archive, a run directory or an unpacked bag").required();
//   if (const auto ended = options.parse(argc, argv)) return *ended;
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "harness/stages/target.h"

namespace exitgate::cli {

// One declared option, to be described further.
class Option {
 public:
  explicit Option(void* option) : option_(option) {}
  Option required();
  Option environment(const char* variable);  // takes its value from there when it is not given
  Option show_default();                     // --help tells the value that the variable holds now

 private:
  void* option_;  // CLI::Option*
};

class Options {
 public:
  // `name` is what messages and the help call the command: "exitgate verify".
  Options(const std::string& summary, const std::string& name);
  ~Options();
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  // "--key" takes a value, "ARCHIVE" is an argument by its place. The variables must outlive parse().
  Option add(const std::string& name, std::string& value, const std::string& meaning);
  Option add(const std::string& name, std::vector<std::string>& values, const std::string& meaning);
  Option add_flag(const std::string& name, bool& value, const std::string& meaning);
  // --repo, --commit, --config, --suite, --profile and --checks, with their environment variables.
  void add_target(stages::TargetOptions& target);

  // Throws UsageError ("exitgate verify: ARCHIVE is required"); returns the exit code when the call ends here (--help).
  std::optional<int> parse(int argc, char** argv);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace exitgate::cli
