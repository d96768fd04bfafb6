// One line of a loss, for tests.
#pragma once

#include <fmt/core.h>

#include <string>
#include <vector>

#include "harness/rows/losses.h"

namespace exitgate::rows {

// "values public.t b 1/3 'x' -> NULL => public.t.c"
inline std::string line_of(const Loss& loss) {
  std::string line = fmt::format("{} {}", to_text(loss.kind), loss.relation);
  if (loss.name) line += " " + *loss.name;
  if (loss.count || loss.total)
    line += fmt::format(" {}/{}", loss.count ? std::to_string(*loss.count) : "?",
                        loss.total ? std::to_string(*loss.total) : "?");
  if (loss.detail) line += " (" + *loss.detail + ")";
  if (loss.kept_in) line += " => " + *loss.kept_in;
  return line;
}

struct Case {
  const char* name;
  const char* schema;  // in the schema public; tables without rows are filled
  const char* migration;
  std::vector<std::string> expected;
};

}  // namespace exitgate::rows
