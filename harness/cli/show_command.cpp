#include <fmt/core.h>

#include "harness/archive/show.h"
#include "harness/base/output.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"

namespace exitgate::cli {

int run_show(int argc, char** argv) {
  std::string subject;
  Options app("Shows a run's evidence in one screen: an archive, a run directory or an unpacked bag.",
              "exitgate show");
  app.add("SUBJECT", subject, "the archive or folder").required();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  say(archive::show(subject));
  return 0;
}

}  // namespace exitgate::cli
