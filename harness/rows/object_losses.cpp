#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "harness/base/text.h"
#include "harness/rows/losses.h"

namespace exitgate::rows {
namespace {

using collect::schema::Change;
using collect::schema::Difference;

constexpr std::array<std::string_view, 18> kKinds = {
    "constraint",    "policy",        "trigger",   "view",     "materialized view",
    "function",      "procedure",     "aggregate", "type",     "enum",
    "domain",        "range",         "rule",      "sequence", "extension",
    "event trigger", "foreign table", "operator"};

bool is_of_kind(const std::string& kind) {
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$' || c == '"';
}

// Whether the name stands in the text as a word.
bool mentions(std::string_view text, std::string_view name) {
  for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto end = at + name.size();
    if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
  }
  return false;
}

// Where the last name of "public.orders.\"a.b\"" begins.
std::size_t last_name(std::string_view identity) {
  bool quoted = false;
  std::size_t last = 0;
  for (std::size_t at = 0; at < identity.size() && (quoted || identity[at] != '('); ++at) {
    if (identity[at] == '"') quoted = !quoted;
    if (identity[at] == '.' && !quoted) last = at + 1;
  }
  return last;
}

std::string above(const std::string& identity) {
  const auto last = last_name(identity);
  return last == 0 ? identity : identity.substr(0, last - 1);
}

std::string own_name(const std::string& identity) {
  return identity.substr(last_name(identity));
}

// "public.f" of "public.f(integer)".
std::string without_arguments(const std::string& identity) {
  const auto at = identity.find('(', last_name(identity));
  return at == std::string::npos ? identity : identity.substr(0, at);
}

bool is_unique_index(const std::string& definition) {
  return definition.starts_with("CREATE UNIQUE INDEX");
}

// The table behind ON of an index's definition.
std::string table_of_index(const std::string& definition) {
  auto at = definition.find(" ON ");
  if (at == std::string::npos) return {};
  at += 4;
  if (definition.compare(at, 5, "ONLY ") == 0) at += 5;
  bool quoted = false;
  auto end = at;
  for (; end < definition.size() && (quoted || definition[end] != ' '); ++end) {
    if (definition[end] == '"') quoted = !quoted;
  }
  return definition.substr(at, end - at);
}

// The columns that must be unique, for a plain index or constraint: "(a, b)"; "" when it says more than that.
std::string unique_columns(const Difference& one, const std::string& definition) {
  if (one.kind == "constraint") {
    for (const std::string_view word : {"UNIQUE (", "PRIMARY KEY ("}) {
      const auto at = definition.find(word);
      if (at != std::string::npos)
        return definition.substr(at + word.size() - 1, definition.find(')', at) - (at + word.size() - 1) + 1);
    }
    return {};
  }
  if (one.kind != "index" || !is_unique_index(definition) || definition.find(" WHERE ") != std::string::npos)
    return {};
  const auto at = definition.find('(');
  return at == std::string::npos ? "" : definition.substr(at, definition.find(')', at) - at + 1);
}

std::string relation_of(const Difference& one, const std::string& definition) {
  if (one.kind == "index") return table_of_index(definition);
  if (one.kind == "constraint" || one.kind == "policy" || one.kind == "trigger" || one.kind == "rule")
    return above(one.identity);
  return one.identity;
}

// The definition without the object's own name.
std::string nameless(const Difference& one, std::string definition) {
  const std::string name = own_name(one.identity);
  if (name.empty()) return definition;
  if (const auto at = definition.find(" " + name + " "); at != std::string::npos)
    definition.replace(at + 1, name.size(), "?");
  return definition;
}

// What a foreign key ties to what; what it does on a deletion may change.
std::string reference_of(const std::string& definition) {
  const auto at = definition.find("FOREIGN KEY (");
  if (at == std::string::npos) return {};
  const auto to = definition.find("REFERENCES ", at);
  const auto end = to == std::string::npos ? std::string::npos : definition.find(')', to);
  return end == std::string::npos ? "" : definition.substr(at, end - at + 1);
}

std::set<std::string> lines_of(const std::string& definition) {
  std::set<std::string> lines;
  for (const auto& line : split(definition, '\n')) lines.insert(std::string(trim(line)));
  return lines;
}

// The labels of CREATE TYPE … AS ENUM ('a', 'b').
std::set<std::string> labels_of(const std::string& definition) {
  std::set<std::string> labels;
  for (auto at = definition.find('\''); at != std::string::npos;) {
    auto end = definition.find('\'', at + 1);
    while (end != std::string::npos && end + 1 < definition.size() && definition[end + 1] == '\'')
      end = definition.find('\'', end + 2);
    if (end == std::string::npos) break;
    labels.insert(definition.substr(at, end - at + 1));
    at = definition.find('\'', end + 1);
  }
  return labels;
}

class Objects {
 public:
  Objects(const std::vector<Difference>& differences, Phase phase)
      : differences_(differences), phase_(phase) {
    for (const auto& one : differences) {
      if (one.change == Change::added) {
        added_.push_back(&one);
        // A new table's own constraints and indexes take the place of no other's; those that stand alone may.
        for (const auto& part : one.parts) added_.push_back(&part);
      }
      if (one.change == Change::removed && one.kind == "column") gone_columns_.insert(one.identity);
    }
  }

  std::vector<Loss> run() {
    for (const auto& one : differences_) {
      if (one.change == Change::removed) {
        removed(one);
      } else if (one.change == Change::changed) {
        changed(one);
      }
    }
    std::sort(losses_.begin(), losses_.end(), [](const Loss& one, const Loss& other) {
      return std::tie(one.relation, one.name, one.detail) <
             std::tie(other.relation, other.name, other.detail);
    });
    return std::move(losses_);
  }

 private:
  Loss& add(const Difference& one, const std::string& name) {
    losses_.push_back({.phase = phase_, .kind = LossKind::object, .relation = relation_of(one, one.before)});
    losses_.back().name = name;
    return losses_.back();
  }

  static std::string subject(const Difference& one) { return one.kind + " " + one.identity; }

  bool went_with_a_column(const Difference& one) const {
    const std::string relation = relation_of(one, one.before);
    return std::any_of(gone_columns_.begin(), gone_columns_.end(), [&](const std::string& column) {
      return above(column) == relation && mentions(one.before, own_name(column));
    });
  }

  // What does the same now, under another name or as another kind of object; nullptr for nothing.
  const Difference* replacement(const Difference& one) const {
    const std::string relation = relation_of(one, one.before);
    const std::string unique = unique_columns(one, one.before);
    const std::string reference = one.kind == "constraint" ? reference_of(one.before) : "";
    for (const auto* const other : added_) {
      const bool same_relation = relation_of(*other, other->after) == relation;
      if (other->kind == one.kind && same_relation &&
          nameless(*other, other->after) == nameless(one, one.before))
        return other;
      if (!unique.empty() && same_relation && unique_columns(*other, other->after) == unique) return other;
      if (!reference.empty() && same_relation && other->kind == "constraint" &&
          reference_of(other->after) == reference)
        return other;
    }
    return nullptr;
  }

  void removed(const Difference& one) {
    const bool index = one.kind == "index" && is_unique_index(one.before);
    if ((!index && !is_of_kind(one.kind)) || went_with_a_column(one) || replacement(one) != nullptr) return;
    Loss& loss = add(one, index ? "unique " + subject(one) : subject(one));
    // A view that is a table now, a function that has other arguments.
    const auto same = std::find_if(added_.begin(), added_.end(), [&](const Difference* other) {
      return other->kind != "owner" && other->kind != "comment" && other->kind != "grant" &&
             without_arguments(other->identity) == without_arguments(one.identity);
    });
    if (same == added_.end()) return;
    if ((*same)->identity == one.identity) {
      loss.kept_in = subject(**same);
    } else {
      loss.detail = "now " + subject(**same);
    }
  }

  void changed(const Difference& one) {
    if (one.kind == "table") {
      const auto before = lines_of(one.before);
      const auto after = lines_of(one.after);
      for (const char* const line : {"ENABLE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"}) {
        if (!before.contains(line) || after.contains(line)) continue;
        Loss& loss = add(one, "row level security");
        loss.detail = std::string(line) + " -> off";
      }
    } else if (one.kind == "enum") {
      const auto after = labels_of(one.after);
      std::string gone;
      const auto had = labels_of(one.before);
      // As many as before: some have another name.
      if (had.size() <= after.size()) return;
      for (const auto& label : had) {
        if (!after.contains(label)) gone += (gone.empty() ? "" : ", ") + label;
      }
      if (!gone.empty()) add(one, subject(one)).detail = "without " + gone;
    } else if (one.kind == "index" && is_unique_index(one.before) && !is_unique_index(one.after)) {
      add(one, "unique " + subject(one)).detail = "not unique any more";
    } else if ((one.kind == "trigger" || one.kind == "constraint" || one.kind == "event trigger") &&
               one.before.find(" DISABLED") == std::string::npos &&
               one.after.find(" DISABLED") != std::string::npos) {
      add(one, subject(one)).detail = "disabled";
    }
  }

  const std::vector<Difference>& differences_;
  Phase phase_;
  std::vector<const Difference*> added_;
  std::set<std::string> gone_columns_;
  std::vector<Loss> losses_;
};

}  // namespace

std::vector<Loss> object_losses(const std::vector<Difference>& differences, Phase phase) {
  return Objects(differences, phase).run();
}

}  // namespace exitgate::rows
