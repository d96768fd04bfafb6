// `exitgate schema`: JSON Schema for editors.

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/installation.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/own_checks.h"
#include "harness/gate/schema_document.h"
#include "harness/gate/suite.h"

namespace exitgate::cli {

int run_schema(int argc, char** argv) {
  std::string which;
  std::vector<std::string> checks;
  Options app("Prints the JSON Schema of gate files or of exitgate.yaml, for editors.", "exitgate schema");
  app.add("DOCUMENT", which, "'gates' or 'config'").required();
  app.add("--checks", checks, "a folder of checks of your own, as exitgate_add_check builds them")
      .environment("EXITGATE_CHECKS");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  gate::load_own_checks(checks);
  const std::vector<std::string> known = {"gates", "config"};
  if (which == known[0]) {
    write_document(gate::gate_file_schema().dump(2) + "\n");
  } else if (which == known[1]) {
    write_document(gate::configuration_schema(gate::load_suite({gates_directory()}, {}).gates).dump(2) +
                   "\n");
  } else {
    throw UsageError(fmt::format("unknown document '{}'{}", which, did_you_mean(which, known)),
                     "write 'gates' for gate files or 'config' for exitgate.yaml");
  }
  return 0;
}

}  // namespace exitgate::cli
