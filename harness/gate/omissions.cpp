#include "harness/gate/omissions.h"

#include <fmt/core.h>

namespace exitgate::gate {

void Omissions::in_suite() {
  file_ = nullptr;
  in_suite_ = true;
}

void Omissions::in_included(const IncludedFile& file) {
  file_ = &file;
  in_suite_ = false;
}

void Omissions::in_configuration() {
  file_ = nullptr;
  in_suite_ = false;
}

// "profile minimal", "exitgate.yaml:4"; "" when it is asked.
std::string Omissions::by(const std::string& gate, const std::vector<std::string>& labels) {
  if (in_suite_ && profile_ != nullptr && !of_profile_.asks(profile_->gates, gate, labels))
    return "profile " + profile_->name;
  if (file_ == nullptr) return "";
  std::string who;
  bool asked = false;
  for (const auto& chain : file_->selections) {
    bool all = true;
    for (const auto index : chain) {
      const auto& selection = included_.selections[index];
      if (of_includes_.asks(selection, gate, labels)) continue;
      all = false;
      who = selection.where;
    }
    asked = asked || all;
  }
  return asked ? "" : who;
}

std::optional<LeftOut> Omissions::left_out(const yaml::Node& gate, const std::string& exit_gate) {
  if (!gate.is_mapping()) return std::nullopt;
  const auto* id = gate.find("id");
  if (id == nullptr || !id->is_scalar()) return std::nullopt;
  std::vector<std::string> labels = {exit_gate};
  if (const auto* given = gate.find("labels"); given != nullptr && given->is_sequence()) {
    for (const auto& item : given->items) labels.push_back(item.text);
  }
  const auto name = fmt::format("{}.{}", exit_gate, id->text);
  const auto who = by(name, labels);
  if (who.empty()) return std::nullopt;
  const auto* title = gate.find("title");
  return LeftOut{name, title != nullptr ? title->text : "", who};
}

std::vector<Mistake> Omissions::unmatched() const {
  auto mistakes = of_includes_.unmatched(included_.selections, "what is included");
  if (profile_ != nullptr) {
    for (auto& mistake : of_profile_.unmatched({profile_->gates}, "the suite"))
      mistakes.push_back(std::move(mistake));
  }
  return mistakes;
}

}  // namespace exitgate::gate
