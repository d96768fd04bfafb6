// Which gates an include or a profile means.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/gate/included.h"

namespace exitgate::gate {

// Whether an entry means the gate: it is its name, a glob over it ("EG-CG1.*"), or one of its labels.
bool matches(const std::string& entry, const std::string& gate, const std::vector<std::string>& labels);

// Selections, and which of their entries have matched a gate.
class Selector {
 public:
  // Whether the gate is asked, as `only` and `except` say. All entries are tried, so that each is known to have matched.
  bool asks(const Selection& selection, const std::string& gate, const std::vector<std::string>& labels);
  // Mistakes: the entries that matched nothing, which are slips of the pen.
  std::vector<Mistake> unmatched(const std::vector<Selection>& selections, const std::string& of) const;

 private:
  bool any(const std::vector<SelectionEntry>& entries, const std::string& gate,
           const std::vector<std::string>& labels);

  std::set<std::string> matched_;  // by place and text
  std::set<std::string> known_;    // names and labels that were seen
};

}  // namespace exitgate::gate
