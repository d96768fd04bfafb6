#include <fmt/core.h>

#include "harness/archive/diff.h"
#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"

namespace exitgate::cli {

int run_diff(int argc, char** argv) {
  std::string a;
  std::string b;
  std::string format = "text";
  bool as_json = false;
  Options app("Compares two archives, run directories or unpacked bags.", "exitgate diff");
  app.add("A", a, "the earlier one").required();
  app.add("B", b, "the later one").required();
  app.add("--format", format, "text, markdown or json").show_default();
  app.add_flag("--json", as_json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  if (as_json) format = "json";
  const auto diff = archive::diff(a, b);
  if (format == "text") {
    say(archive::render_text(diff));
  } else if (format == "markdown") {
    say(archive::render_markdown(diff));
  } else if (format == "json") {
    write_document(archive::render_json(diff));
  } else {
    const std::vector<std::string> known = {"text", "markdown", "json"};
    throw UsageError(fmt::format("unknown format '{}'{}", format, did_you_mean(format, known)));
  }
  return static_cast<int>(diff.worse() ? Exit::failed : Exit::good);
}

}  // namespace exitgate::cli
