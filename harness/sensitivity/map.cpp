#include "harness/sensitivity/map.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"

namespace exitgate::sensitivity {

namespace {

std::string place_of(const Change& change) {
  if (change.file.empty()) return "";
  return change.line > 0 ? fmt::format("{}:{}", change.file, change.line) : change.file;
}

// "a row of ci.need removed", "ci.step.condition changed".
std::string described(const Change& change) {
  switch (change.kind) {
    case Kind::empty:
      return fmt::format("all rows of {} removed", change.table_name());
    case Kind::remove:
      return fmt::format("a row of {} removed", change.table_name());
    case Kind::alter:
      return fmt::format("{}.{} changed", change.table_name(), change.column);
    case Kind::add:
      return fmt::format("a row of {} added", change.table_name());
  }
  return "";
}

struct Group {
  std::size_t tried = 0;
  std::size_t unnoticed = 0;
  std::vector<std::string> places;  // of the unnoticed ones, each once
};

void add_place(Group& group, const std::string& place) {
  if (place.empty() || std::find(group.places.begin(), group.places.end(), place) != group.places.end())
    return;
  group.places.push_back(place);
}

std::string shown_places(const std::vector<std::string>& places) {
  constexpr std::size_t kShown = 3;
  std::string text;
  for (std::size_t i = 0; i < std::min(kShown, places.size()); ++i)
    text += (i > 0 ? ", " : "") + printable(places[i]);
  if (places.size() > kShown) text += fmt::format(" and {} more", places.size() - kShown);
  return text;
}

void render_gates(const Sensitivity& measured, std::string& text) {
  text += "\nGates, and how many changes to the tables that they read they noticed:\n";
  std::size_t width = 0;
  for (const auto& gate : measured.gates) width = std::max(width, gate.gate.size());
  for (const auto& gate : measured.gates) {
    text += fmt::format("  {:<{}}  {:>3} of {:<3}  {}{}\n", gate.gate, width, gate.noticed, gate.tried,
                        gate.tables.empty() ? "has nothing to read here" : join(gate.tables, ", "),
                        gate.is_broken() ? "  BROKEN: it would say the same without them" : "");
  }
}

void render_unnoticed(const Sensitivity& measured, std::string& text) {
  std::map<std::string, Group> groups;
  for (const auto& one : measured.changes) {
    auto& group = groups[described(one.change)];
    ++group.tried;
    if (one.is_noticed()) continue;
    ++group.unnoticed;
    add_place(group, place_of(one.change));
  }
  std::erase_if(groups, [](const auto& one) { return one.second.unnoticed == 0; });
  text += groups.empty() ? "\nEvery change was noticed by a gate.\n" : "\nNo gate noticed:\n";
  for (const auto& [what, group] : groups) {
    const auto places = shown_places(group.places);
    text += fmt::format("  {} ({} of {}){}{}\n", what, group.unnoticed, group.tried,
                        places.empty() ? "" : ": ", places);
  }
}

void render_unread(const Sensitivity& measured, std::string& text) {
  std::vector<std::string> tables;
  std::map<std::string, std::vector<std::string>> columns;
  for (const auto& name : measured.unread) {
    if (std::count(name.begin(), name.end(), '.') == 1) {
      tables.push_back(name);
    } else {
      const auto dot = name.rfind('.');
      columns[name.substr(0, dot)].push_back(name.substr(dot + 1));
    }
  }
  if (!tables.empty()) text += fmt::format("\nTables that no gate reads: {}\n", join(tables, ", "));
  if (columns.empty()) return;
  text += "\nColumns that no gate reads, of tables that one does:\n";
  for (const auto& [table, names] : columns) text += fmt::format("  {}: {}\n", table, join(names, ", "));
}

}  // namespace

Json to_json(const Sensitivity& measured) {
  Json gates = Json::array();
  for (const auto& gate : measured.gates) {
    gates.push_back({{"gate", gate.gate},
                     {"judged", gate.judged},
                     {"tables", gate.tables},
                     {"tried", gate.tried},
                     {"noticed", gate.noticed},
                     {"broken", gate.is_broken()}});
  }
  Json unnoticed = Json::array();
  for (const auto& one : measured.changes) {
    if (one.is_noticed()) continue;
    unnoticed.push_back({{"kind", name_of(one.change.kind)},
                         {"table", one.change.table_name()},
                         {"column", one.change.column.empty() ? Json(nullptr) : Json(one.change.column)},
                         {"file", one.change.file.empty() ? Json(nullptr) : Json(one.change.file)},
                         {"line", one.change.line > 0 ? Json(one.change.line) : Json(nullptr)}});
  }
  return {{"seed", measured.seed},
          {"planned", measured.planned},
          {"tried", measured.changes.size()},
          {"noticed", measured.noticed()},
          {"by_census_alone", measured.by_census_alone()},
          {"out_of_time", measured.out_of_time},
          {"gates", std::move(gates)},
          {"unnoticed", std::move(unnoticed)},
          {"unread", measured.unread}};
}

std::vector<std::string> broken_gates(const Sensitivity& measured) {
  std::vector<std::string> lines;
  for (const auto& gate : measured.gates) {
    if (!gate.is_broken()) continue;
    lines.push_back(fmt::format("{} is broken: it noticed none of {} to what it reads ({})", gate.gate,
                                count_of(gate.tried, "change"), join(gate.tables, ", ")));
  }
  return lines;
}

std::string render(const Sensitivity& measured) {
  std::string text = fmt::format("{} to the facts of {}: {} noticed ({} by the census alone), {} not\n",
                                 count_of(measured.changes.size(), "change"), measured.seed.substr(0, 12),
                                 measured.noticed(), measured.by_census_alone(),
                                 measured.changes.size() - measured.noticed());
  if (measured.out_of_time) {
    text += fmt::format("The time was up: {} were planned, on every gate that reads what they change.\n",
                        measured.planned);
  }
  render_gates(measured, text);
  render_unnoticed(measured, text);
  render_unread(measured, text);
  return text;
}

}  // namespace exitgate::sensitivity
