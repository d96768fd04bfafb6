#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/check/provisioning.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

struct Role {
  bool superuser = false;
  bool createdb = false;
  bool createrole = false;
  bool replication = false;
  bool bypassrls = false;
  bool owns_database = false;
};

struct Attribute {
  bool Role::*is;
  std::string_view word;     // as CREATE ROLE and `allow:` write it, in lower case
  std::string_view article;  // "has " before the word, or "is a "
  std::string_view means;
};

// A superuser is all the others at once, so it comes first and alone.
constexpr std::array<Attribute, 5> kAttributes = {{
    {&Role::superuser, "superuser", "is a ", "no grant and no policy binds it"},
    {&Role::bypassrls, "bypassrls", "has ", "no row-level security policy binds it"},
    {&Role::createrole, "createrole", "has ", "it can make itself a member of other roles"},
    {&Role::createdb, "createdb", "has ", "it can make databases that nobody looks after"},
    {&Role::replication, "replication", "has ", "it can read all data from the write-ahead log"},
}};

// Predefined roles whose members are past the grants that the migrations make.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kPredefined = {{
    {"pg_execute_server_program", "it can run programs as the server's own user"},
    {"pg_read_server_files", "it can read every file that the server can"},
    {"pg_write_server_files", "it can write every file that the server can"},
    {"pg_read_all_data", "it can read every table, whatever is granted"},
    {"pg_write_all_data", "it can write to every table, whatever is granted"},
}};

// `"a b"`, as snapshots write a name that SQL would want quoted, as it is.
std::string unquoted(const std::string& name) {
  if (name.size() < 2 || name.front() != '"') return name;
  std::string plain;
  for (std::size_t i = 1; i + 1 < name.size(); ++i) {
    plain += name[i];
    if (name[i] == '"') ++i;
  }
  return plain;
}

// The server of one snapshot.
class Server {
 public:
  Server(const Facts& facts, const std::string& snapshot) {
    for (const schema::Role& role : facts.rows<schema::Role>("WHERE snapshot = ?", {snapshot})) {
      roles_[role.name] = {role.superuser,   role.createdb,  role.createrole,
                           role.replication, role.bypassrls, role.owns_database};
    }
    for (const schema::Membership& membership : facts.rows<schema::Membership>(
             "WHERE snapshot = ? AND (inherits OR can_set OR admin) ORDER BY member, role", {snapshot})) {
      groups_[membership.member].push_back(membership.role);
    }
    for (const schema::Object& object :
         facts.rows<schema::Object>("WHERE snapshot = ? AND kind = 'owner' ORDER BY identity", {snapshot})) {
      owned_[unquoted(object.definition)].push_back(object.identity);
    }
  }

  bool known() const { return !roles_.empty(); }
  const Role* role(const std::string& name) const {
    const auto found = roles_.find(name);
    return found == roles_.end() ? nullptr : &found->second;
  }
  const std::vector<std::string>& owned_by(const std::string& name) const {
    static const std::vector<std::string> kNothing;
    const auto found = owned_.find(name);
    return found == owned_.end() ? kNothing : found->second;
  }
  // The role, and each that it is a member of, with the shortest way there: "app -> ops -> admin".
  std::vector<std::pair<std::string, std::string>> reach(const std::string& name) const {
    std::vector<std::pair<std::string, std::string>> found = {{name, name}};
    for (std::size_t i = 0; i < found.size(); ++i) {
      auto next = groups_.find(found[i].first);
      if (next == groups_.end()) continue;
      const std::string way = found[i].second;
      for (const auto& group : next->second) {
        const bool seen =
            std::any_of(found.begin(), found.end(), [&](const auto& one) { return one.first == group; });
        if (!seen) found.emplace_back(group, fmt::format("{} -> {}", way, group));
      }
    }
    return found;
  }

 private:
  std::map<std::string, Role> roles_;
  std::map<std::string, std::vector<std::string>> groups_;
  std::map<std::string, std::vector<std::string>> owned_;
};

class Judge {
 public:
  Judge(const Facts& facts, const Parameters& with, std::string snapshot, Report& report)
      : snapshot_(std::move(snapshot)),
        server_(facts, snapshot_),
        allow_(with.strings("allow")),
        report_(report) {}

  void judge(const std::string& name, const std::string& file, std::int64_t line) {
    name_ = name;
    file_ = file;
    line_ = line;
    if (!server_.known()) {
      report_.undecided({fmt::format("{}:roles", snapshot_), "", 0,
                         fmt::format("the roles of '{}' were not read", snapshot_),
                         "run exitgate again: these facts are of a version that did not read them"});
      return;
    }
    report_.examined();
    if (server_.role(name) == nullptr) {
      fail("missing",
           fmt::format("there is no role '{}'{}, which is declared as the application's", name,
                       in_snapshot(snapshot_)),
           "let `database: {roles: [...]}` or a migration make it, or fix `application:`");
      return;
    }
    for (const auto& [role, way] : server_.reach(name)) judge_reached(role, way);
  }

 private:
  void judge_reached(const std::string& role, const std::string& way) {
    const bool own = role == name_;
    const std::string member = own ? "" : fmt::format("is a member of '{}' ({}), which ", role, way);
    const std::string revoke = fmt::format("`REVOKE {} FROM {};`", role, step_before(way));
    for (const auto& attribute : kAttributes) {
      const Role* const found = server_.role(role);
      if (found == nullptr || !(found->*attribute.is) || allowed(std::string(attribute.word))) continue;
      fail(fmt::format("{}:{}", role, attribute.word),
           fmt::format("{}{}{}{}: {}", member, attribute.article, attribute.word,
                       own ? "" : ", one SET ROLE away", attribute.means),
           own ? fmt::format("`ALTER ROLE {} NO{};`, and so in `roles:` where it is declared", role,
                             upper(attribute.word))
               : revoke);
      if (attribute.is == &Role::superuser) return;
    }
    for (const auto& [predefined, means] : kPredefined) {
      if (role != predefined || allowed(fmt::format("member {}", role))) continue;
      fail(fmt::format("{}:member", role), fmt::format("is a member of '{}' ({}): {}", role, way, means),
           revoke);
    }
    judge_owned(role, member);
  }

  void judge_owned(const std::string& role, const std::string& member) {
    std::vector<std::string> owned;
    const Role* const found = server_.role(role);
    if (found != nullptr && found->owns_database && !allowed("owns database")) owned.emplace_back("database");
    for (const auto& object : server_.owned_by(role)) {
      if (!allowed("owns " + object)) owned.push_back(object);
    }
    if (owned.empty()) return;
    constexpr std::size_t kShown = 3;
    const std::size_t count = owned.size();
    if (count > kShown) owned.resize(kShown);
    std::string names = join(owned, ", ");
    if (count > kShown) names += fmt::format(" and {} more", count - kShown);
    fail(fmt::format("{}:owns", role),
         fmt::format("{}owns {} ({}): the owner can drop them, and their policies do not bind it", member,
                     count_of(count, "object"), names),
         member.empty()
             ? fmt::format("let another role own and migrate (`owner:`), and grant '{}' what it needs "
                           "to read and write",
                           name_)
             : fmt::format("grant '{}' what it needs instead of the membership", name_));
  }

  // The member whose membership is the last of the way.
  static std::string step_before(const std::string& way) {
    const auto last = way.rfind(" -> ");
    if (last == std::string::npos) return way;
    const auto before = way.rfind(" -> ", last - 1);
    return before == std::string::npos ? way.substr(0, last) : way.substr(before + 4, last - before - 4);
  }

  static std::string upper(std::string_view word) {
    std::string text(word);
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
    return text;
  }

  bool allowed(const std::string& what) const {
    return std::any_of(allow_.begin(), allow_.end(),
                       [&](const auto& glob) { return glob_match(glob, what); });
  }

  void fail(const std::string& what, const std::string& message, const std::string& hint) {
    const bool whole = what == "missing";
    report_.fail(
        {fmt::format("{}:{}:{}", snapshot_, name_, what), file_, line_,
         whole ? message
               : fmt::format("the application's role '{}'{} {}", name_, in_snapshot(snapshot_), message),
         hint});
  }

  std::string snapshot_;
  Server server_;
  std::vector<std::string> allow_;
  Report& report_;
  std::string name_;
  std::string file_;
  std::int64_t line_ = 0;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  struct Declared {
    std::string name;
    std::string file;
    std::int64_t line;
  };
  std::vector<Declared> declared;
  for (const schema::ApplicationRole& role : facts.rows<schema::ApplicationRole>("ORDER BY rowid")) {
    declared.push_back({role.name, role.file, role.line});
  }
  if (declared.empty()) {
    if (has_no_plan(facts)) return skip_without_plan(facts, report);
    report.skip("no application role is declared", "write `database: {application: ROLE}` in exitgate.yaml");
    return;
  }
  for (const auto& snapshot : snapshots_to_judge(facts, report)) {
    Judge judge(facts, with, snapshot, report);
    for (const auto& role : declared) judge.judge(role.name, role.file, role.line);
  }
}

const Check check{
    .name = "application-role",
    .title = "The application's role may do no more than its grants say",
    .why =
        "What the application connects as is what an attacker gets: a superuser, an owner or a role with "
        "BYPASSRLS makes every grant and every policy in the schema a decoration.",
    .domains = {"schema"},
    .parts = Parts{"migrated", "live"},
    .parameters = {{"allow", Parameter::strings, "[]",
                    "globs over what the role may be all the same: 'createdb', 'member pg_read_all_data', "
                    "'owns table public.cache_*', 'owns database'"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
