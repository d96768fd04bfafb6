#include "harness/cli/options.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace exitgate::cli {

std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}: {}", app.get_name(), error.what()),
                     fmt::format("see {} --help", app.get_name()));
  }
}

}  // namespace exitgate::cli
