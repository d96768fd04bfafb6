// One way to break the sample service, and what turns red then.
#pragma once

#include <ostream>
#include <string>
#include <vector>

namespace exitgate::testing_program {

constexpr const char* kStatic = "static";      // what needs no database
constexpr const char* kDatabase = "database";  // what is about the database, be it in the code or on a server
constexpr const char* kAll = "";

struct Breakage {
  std::string name;
  std::string label;             // of the gates to run; "" for the whole suite
  std::string change;            // shell, run in the work tree by sh -e
  std::vector<std::string> red;  // "gate status file:line: message", sorted; of several findings the first
  std::vector<std::string> environment = {};  // "@sample" stands for the id of the sample's commit
};

inline void PrintTo(const Breakage& one, std::ostream* out) {
  *out << one.name;
}

// Commits what was changed.
inline const std::string kCommit =
    "\ngit add -A && git -c user.name=t -c user.email=t@sample.invalid commit -qm broken";

std::string edit(const std::string& file, const std::string& sed);
// A new revision; `more` is further code of its module: its downgrade().
std::string revision(const std::string& parent, const std::string& upgrade, const std::string& more = "");
// Those that take a server to be seen.
std::vector<Breakage> database_breakages();

}  // namespace exitgate::testing_program
