#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"
#include "harness/check/provisioning.h"
#include "harness/check/schema_differences.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

struct Snapshot {
  std::string name;
  std::string fingerprint;
};

std::optional<Snapshot> snapshot(const Facts& facts, const std::string& name) {
  auto fingerprint = facts.text("SELECT fingerprint FROM schema.snapshot WHERE name = ?", {name});
  if (!fingerprint) return std::nullopt;
  return Snapshot{name, *fingerprint};
}

// Kinds that say one thing about something else, or one setting: there or not there is its value.
bool is_statement(const std::string& kind) {
  static constexpr std::array<std::string_view, 15> kKinds = {"comment",
                                                              "database property",
                                                              "database setting",
                                                              "default privilege",
                                                              "extension version",
                                                              "grant",
                                                              "locale",
                                                              "membership",
                                                              "owner",
                                                              "role attribute",
                                                              "role comment",
                                                              "role setting",
                                                              "row level security",
                                                              "security label",
                                                              "trigger state"};
  return std::find(kKinds.begin(), kKinds.end(), kind) != kKinds.end();
}

// In words.
std::string described(const SchemaDifference& one, const std::string& first, const std::string& second) {
  const auto subject = one.name();
  const auto more = one.parts.empty()
                        ? ""
                        : fmt::format(", with {} that belong to it", count_of(one.parts.size(), "object"));
  if (one.side == Side::both) {
    return fmt::format("{} differs: '{}' has `{}`, '{}' has `{}`", subject, first,
                       excerpt(one.first, one.second), second, excerpt(one.second, one.first));
  }
  const bool in_first = one.side == Side::only_first;
  const auto& definition = in_first ? one.first : one.second;
  const auto value =
      is_statement(one.kind) && !definition.empty() ? fmt::format(" (`{}`)", excerpt(definition, "")) : "";
  return fmt::format("{}{} is in '{}' and not in '{}'{}", subject, value, in_first ? first : second,
                     in_first ? second : first, more);
}

// What the policy leaves out of the comparison. Each is reported, and so is a pattern that leaves nothing
// out: it hides the next difference that happens to match it.
class Ignored {
 public:
  explicit Ignored(const Parameters& with)
      : kinds_(with.strings("without")), globs_(with.strings("ignore")), used_(globs_.size()) {}

  bool takes(const std::string& kind, const std::string& identity) {
    if (std::find(kinds_.begin(), kinds_.end(), kind) != kinds_.end()) return true;
    const auto object = fmt::format("{} {}", kind, identity);
    bool any = false;
    for (std::size_t i = 0; i < globs_.size(); ++i) {
      if (!glob_match(globs_[i], object)) continue;
      used_[i] = any = true;
    }
    if (any) names_.push_back(object);
    return any;
  }
  bool leaves_out() const { return !kinds_.empty() || !globs_.empty(); }

  void report(Report& report) const {
    for (const auto& name : names_) report.note(fmt::format("ignored: {} differs", name));
    for (std::size_t i = 0; i < globs_.size(); ++i) {
      if (used_[i]) continue;
      report.fail({"ignore:" + globs_[i], "", 0, fmt::format("`ignore: {}` matches no difference", globs_[i]),
                   "take it out: it would hide the next difference that it happens to match"});
    }
  }

 private:
  std::vector<std::string> kinds_;
  std::vector<std::string> globs_;
  std::vector<bool> used_;
  std::vector<std::string> names_;
};

// The file that the second snapshot was restored from.
std::string file_of(const Facts& facts, const Snapshot& second) {
  if (second.name != "committed") return "";
  return facts.text("SELECT schema_file FROM schema.plan").value_or("");
}

std::string hint_for(const Snapshot& second) {
  if (second.name == "live")
    return "write a migration that makes the change, or undo it in the live database";
  if (second.name == "committed")
    return "write the file anew from the migrated database, or write the migration that it is ahead of";
  return "a step depends on something outside the commit: the clock, a random value, the network, what ran "
         "before";
}

// Objects of the role that the migrations ran as in our server, which the live database has of another: one thing to
// say, and not one for each of them. Where no owner was declared, that role is of our making, and nothing differs.
class OwnRole {
 public:
  OwnRole(const Facts& facts, const std::vector<SchemaDifference>& found) {
    // Older facts do not say it.
    if (!has_column(facts, "owner")) return;
    const auto owner = facts.text("SELECT owner FROM schema.plan WHERE owner IS NOT NULL");
    if (!owner) return;
    name_ = *owner;
    is_ours_ = has_column(facts, "owner_declared") &&
               facts.integer("SELECT owner_declared FROM schema.plan").value_or(1) == 0;
    std::map<std::string, std::size_t> counts;
    for (const auto& one : found) {
      if (one.kind == "owner" && one.side == Side::both && one.first == name_) ++counts[one.second];
    }
    for (const auto& [role, count] : counts) {
      if (count <= count_) continue;
      other_ = role;
      count_ = count;
    }
    if (!applies()) return;
    for (const auto& one : found) {
      if (is_default(one, name_, Side::only_first)) defaults_.insert(behind(one, name_) + "\t" + one.first);
    }
    for (const auto& one : found) {
      if (is_default(one, other_, Side::only_second) &&
          defaults_.count(behind(one, other_) + "\t" + one.second) != 0) {
        both_.insert(behind(one, other_) + "\t" + one.second);
      }
    }
  }

  bool takes(const SchemaDifference& one) const {
    if (!applies()) return false;
    if (one.kind == "owner") return one.side == Side::both && one.first == name_ && one.second == other_;
    if (is_default(one, name_, Side::only_first)) {
      return both_.count(behind(one, name_) + "\t" + one.first) != 0;
    }
    return is_default(one, other_, Side::only_second) &&
           both_.count(behind(one, other_) + "\t" + one.second) != 0;
  }

  // Whether no owner was declared.
  bool is_ours() const { return is_ours_; }

  std::string note(const std::string& first, const std::string& second) const {
    return fmt::format(
        "owners were not compared where they are the role of the steps: no owner is declared, and what "
        "belongs to {} in "
        "'{}' ({}) belongs to {} in '{}'; `database: {{owner: {}}}` compares them",
        name_, first, count_of(count_, "object"), other_, second, other_);
  }

  Finding finding(const std::string& first, const std::string& second) const {
    return {
        "owner", "", 0,
        fmt::format(
            "{} belong to {} in '{}', which is the role that the steps run as there, and to {} in '{}'",
            count_of(count_, "object"), name_, first, other_, second),
        fmt::format("write `database: {{owner: {}}}` in exitgate.yaml, so that the steps run as it, or leave "
                    "owners out: `without: [owner]`",
                    other_)};
  }

 private:
  static bool has_column(const Facts& facts, const std::string& name) {
    return facts.integer("SELECT count(*) FROM pragma_table_info('plan', 'schema') WHERE name = ?", {name}) >
           0;
  }
  // A single object of another role may be just that.
  bool applies() const { return count_ >= (is_ours_ ? 1U : 2U); }
  // "default privilege for app in schema s on tables to x"
  static bool is_default(const SchemaDifference& one, const std::string& role, Side side) {
    return one.kind == "default privilege" && one.side == side &&
           one.identity.starts_with("for " + role + " ");
  }
  static std::string behind(const SchemaDifference& one, const std::string& role) {
    return one.identity.substr(4 + role.size());
  }

  std::string name_;
  std::string other_;
  std::size_t count_ = 0;
  bool is_ours_ = false;
  std::set<std::string> defaults_;
  std::set<std::string> both_;
};

// Findings up to a limit, and how many more there are.
class Findings {
 public:
  Findings(Report& report, std::int64_t most) : report_(report), most_(most) {}
  void fail(Finding finding) {
    if (++count_ <= most_) report_.fail(std::move(finding));
  }
  std::int64_t more() const { return std::max<std::int64_t>(count_ - most_, 0); }
  bool none() const { return count_ == 0; }

 private:
  Report& report_;
  std::int64_t most_;
  std::int64_t count_ = 0;
};

// Of servers of different major versions: what was compared across them.
std::string other_versions(const Facts& facts, const Snapshot& first, const Snapshot& second) {
  const auto version = [&](const Snapshot& one) {
    return facts.text("SELECT server_version FROM schema.snapshot WHERE name = ?", {one.name}).value_or("");
  };
  const std::string of_first = version(first);
  const std::string of_second = version(second);
  if (std::atoi(of_first.c_str()) == std::atoi(of_second.c_str())) return "";
  return fmt::format("'{}' is in a server of PostgreSQL {}, '{}' in one of {}", first.name, of_first,
                     second.name, of_second);
}

void compare(const Facts& facts, const Snapshot& first, const Snapshot& second, const Parameters& with,
             Report& report) {
  report.examined(
      facts.integer("SELECT count(*) FROM schema.object WHERE snapshot = ?", {first.name}).value_or(0));
  if (const auto versions = other_versions(facts, first, second); !versions.empty()) report.note(versions);
  const auto file = file_of(facts, second);
  const auto hint = hint_for(second);
  Ignored ignored(with);
  Findings findings(report, with.integer("most"));
  auto comparison = compare_snapshots(facts, first.name, second.name);
  auto& found = comparison.differences;
  const OwnRole own(facts, found);
  bool own_told = false;
  bool all_told = true;
  for (auto& one : found) {
    if (one.is_part) continue;
    // A part of what is not ignored as a whole may be ignored on its own.
    std::erase_if(one.parts,
                  [&](std::size_t part) { return ignored.takes(found[part].kind, found[part].identity); });
    if (ignored.takes(one.kind, one.identity)) continue;
    if (!one.hidden.empty()) {
      report.undecided(
          {one.kind + ":" + one.identity, file, 0,
           fmt::format("{} cannot be compared: {}", one.name(), one.hidden),
           "connect as a role that may see it, or leave it out: `ignore: [" + one.name() + "]`"});
      all_told = false;
      continue;
    }
    if (own.takes(one)) {
      if (!own_told && own.is_ours()) report.note(own.note(first.name, second.name));
      if (!own_told && !own.is_ours()) findings.fail(own.finding(first.name, second.name));
      own_told = true;
      all_told = all_told && !own.is_ours();
      continue;
    }
    findings.fail({fmt::format("{}:{}", one.kind, one.identity), file, 0,
                   described(one, first.name, second.name), hint});
  }
  for (const auto& one : compare_servers(facts, first.name, second.name, with.strings("also"))) {
    if (ignored.takes(one.kind, one.identity)) continue;
    findings.fail({fmt::format("{}:{}", one.kind, one.identity), file, 0,
                   described(one, first.name, second.name), hint});
  }
  if (comparison.same_when_restored > 0) {
    report.note(fmt::format("{} of '{}' and '{}' read otherwise and are the same after one dump and restore",
                            count_of(comparison.same_when_restored, "object"), first.name, second.name));
  }
  const bool all_compared =
      all_told && !ignored.leaves_out() && comparison.same_when_restored == 0 && comparison.not_carried == 0;
  if (findings.more() > 0) {
    report.fail({"more", file, 0, fmt::format("and {} more objects differ", findings.more()), hint});
  } else if (findings.none() && all_compared && first.fingerprint != second.fingerprint) {
    report.fail(
        {"fingerprint", "", 0,
         fmt::format("the fingerprints of '{}' and '{}' differ ({} and {}) although their objects do not",
                     first.name, second.name, first.fingerprint, second.fingerprint),
         hint});
  }
  ignored.report(report);
}

void check_parts(const Parameters& with) {
  for (const auto& part : with.strings("also")) {
    if (part == "extension-versions" || part == "extension-members" || part == "locale" || part == "globals")
      continue;
    throw ParameterError(
        "also", fmt::format("'{}' is none of: extension-versions, extension-members, locale, globals", part));
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  check_parts(with);
  const auto first_name = with.string("first");
  const auto second_name = with.string("second");
  for (const schema::Problem& problem : facts.rows<schema::Problem>(
           "WHERE snapshot IN (?, ?) OR snapshot IS NULL", {first_name, second_name})) {
    report.undecided({fmt::format("{}:{}", problem.snapshot.value_or(""), problem.reason), "", 0,
                      problem.reason, problem.hint.value_or("")});
  }
  const auto first = snapshot(facts, first_name);
  const auto second = snapshot(facts, second_name);
  if (first && second) {
    compare(facts, *first, *second, with, report);
    return;
  }
  if (!report.undecided_findings().empty()) return;
  if (has_no_plan(facts)) {
    skip_without_plan(facts, report);
  } else if (second_name == "live" && !second) {
    report.skip("no live database was given (--database)");
  } else if (second_name == "committed" &&
             facts.integer("SELECT count(*) FROM schema.plan WHERE schema_file IS NULL").value_or(0) > 0) {
    report.skip("no schema file is declared",
                "write `database: {schema-file: db/structure.sql}` in exitgate.yaml");
  } else {
    report.undecided({"snapshot", "", 0,
                      fmt::format("there is no snapshot of '{}'", first ? second_name : first_name),
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
  }
}

const Check check{
    .name = "same-schema",
    .title = "Two snapshots of the database have the same schema",
    .why =
        "Two provisionings that differ cannot both be the schema of the commit; a live database that differs "
        "from the "
        "migrated one is not the database that was tested.",
    .domains = {"schema"},
    .parts = Parts{"{first}", "{second}"},
    .parameters = {{"first", Parameter::string, "\"migrated\"",
                    "name of a snapshot: 'migrated', 'migrated-again', 'live', 'committed'"},
                   {"second", Parameter::string, std::nullopt, "name of the snapshot to compare it with"},
                   {"most", Parameter::integer, "50", "how many differing objects are shown"},
                   {"also", Parameter::strings, "[]",
                    "what else is compared: 'extension-versions', 'extension-members' (by name), 'locale' "
                    "(encoding and collation of the database), "
                    "'globals' (roles, memberships, settings of roles, tablespaces, as pg_dumpall -g)"},
                   {"without", Parameter::strings, "[]",
                    "kinds of objects to leave out: 'owner', 'grant', 'comment'"},
                   {"ignore", Parameter::strings, "[]",
                    "globs of objects that may differ: 'table public.tmp_*'; one that matches no difference "
                    "is a finding"}},
    .run = run};
const Registered registered(check);
constexpr std::string_view kSnapshot = R"({"enum": ["migrated", "migrated-again", "live", "committed"]})";
const ParameterSchema first_schema("same-schema", "first", kSnapshot);
const ParameterSchema second_schema("same-schema", "second", kSnapshot);
const ParameterSchema also_schema(
    "same-schema", "also",
    R"({"type": "array", "items": {"enum": ["extension-versions", "extension-members", "locale", "globals"]}})");
const ParameterSchema without_schema(
    "same-schema", "without", R"({"type": "array", "items": {"enum": ["owner", "grant", "comment"]}})");

}  // namespace
}  // namespace exitgate::check
