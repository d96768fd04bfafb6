#include "harness/gate/selection.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::gate {

bool matches(const std::string& entry, const std::string& gate, const std::vector<std::string>& labels) {
  return glob_match(entry, gate) || std::find(labels.begin(), labels.end(), entry) != labels.end();
}

bool Selector::any(const std::vector<SelectionEntry>& entries, const std::string& gate,
                   const std::vector<std::string>& labels) {
  bool found = false;
  for (const auto& entry : entries) {
    if (!matches(entry.text, gate, labels)) continue;
    found = true;
    matched_.insert(entry.where + " " + entry.text);
  }
  return found;
}

bool Selector::asks(const Selection& selection, const std::string& gate,
                    const std::vector<std::string>& labels) {
  known_.insert(gate);
  known_.insert(labels.begin(), labels.end());
  const bool only = any(selection.only, gate, labels);
  const bool except = any(selection.except, gate, labels);
  return (selection.only.empty() || only) && !except;
}

std::vector<Mistake> Selector::unmatched(const std::vector<Selection>& selections,
                                         const std::string& of) const {
  const std::vector<std::string> known(known_.begin(), known_.end());
  std::vector<Mistake> mistakes;
  for (const auto& selection : selections) {
    for (const auto* entries : {&selection.only, &selection.except}) {
      for (const auto& entry : *entries) {
        if (matched_.contains(entry.where + " " + entry.text)) continue;
        mistakes.push_back({fmt::format("{}: '{}' is neither a gate nor a label of {}{}", entry.where,
                                        entry.text, of, did_you_mean(entry.text, known)),
                            known.empty() ? "" : fmt::format("there are {}", join(known, ", ")),
                            possible_labels(entry.text)});
      }
    }
  }
  return mistakes;
}

}  // namespace exitgate::gate
