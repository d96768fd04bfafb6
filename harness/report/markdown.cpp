#include "harness/report/report.h"

namespace exitgate::report {

std::string render_markdown(const RunView& run) { return "# " + run.repository + "\n"; }

}  // namespace exitgate::report
