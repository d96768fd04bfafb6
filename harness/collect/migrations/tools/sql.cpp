// Plain SQL: folders of numbered files that no tool has taken, and that a script carries out in order.
#include "harness/collect/migrations/numbered_sql.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

void find(Source& source, std::vector<Environment>& found) {
  for (const auto& [folder, files] : numbered_sql_folders(source)) {
    found.push_back(numbered_sql_history(folder, files));
  }
}

}  // namespace

std::vector<Tool> sql() {
  return {{
      .name = "sql",
      .deep = true,
      .recognized = Recognized::as_last,
      .find = find,
      .commands = {"*migrat*.sh", "make *migrat*"},
      .after_merge = {.changed = "a script that runs each file once does not run it again",
                      .overtaken = "a script that goes on from the last number never runs it"},
  }};
}

}  // namespace exitgate::collect::tools
