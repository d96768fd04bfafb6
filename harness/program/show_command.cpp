#include <fmt/format.h>

#include "harness/evidence/show.h"
#include "harness/program/command.h"
#include "harness/program/options.h"

namespace exitgate::program {

int run_show(int argc, char** argv) {
  std::string subject;
  CLI::App app("Shows a run's evidence in one screen: an archive, a run directory or an unpacked bag.",
               "exitgate show");
  app.add_option("SUBJECT", subject, "the archive or folder")->required();
  if (const auto ended = parse(app, argc, argv)) return *ended;
  fmt::print("{}", evidence::show(subject));
  return 0;
}

}  // namespace exitgate::program
