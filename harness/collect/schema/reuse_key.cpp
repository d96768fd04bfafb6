#include "harness/collect/schema/reuse_key.h"

#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <set>

#include "harness/base/installation.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/migrations/since_base.h"
#include "harness/digest/digest.h"
#include "harness/facts/schema_version.h"

namespace exitgate::collect::schema {

namespace {

namespace fs = std::filesystem;

// "/usr/bin/psql 41 1769 5211 1732712345.000000000": what tells a file or folder from what it was before.
std::string state_of(const fs::path& path) {
  struct stat state {};
  std::error_code ignored;
  const fs::path real = fs::canonical(path, ignored);
  if (::stat(path.c_str(), &state) != 0) return path.string() + " is not there\n";
  return fmt::format("{} {} {} {} {} {}.{:09}\n", path.string(), real.string(), state.st_dev, state.st_ino,
                     S_ISDIR(state.st_mode) ? 0 : state.st_size, state.st_mtim.tv_sec, state.st_mtim.tv_nsec);
}

// Every file of the commit: the steps may read any of them.
std::string tree_of(const Checkout& checkout) {
  digest::Sha256 digest;
  for (const auto& entry : checkout.tree)
    digest.update(fmt::format("{} {} {}\n", entry.mode, entry.oid, entry.path));
  return digest.hex();
}

// A folder with what lies directly in it.
std::string listing_of(const fs::path& folder) {
  std::vector<std::string> lines;
  std::error_code failed;
  for (fs::directory_iterator at(folder, failed), end; !failed && at != end; at.increment(failed))
    lines.push_back(state_of(at->path()));
  std::sort(lines.begin(), lines.end());
  return state_of(folder) + join(lines, "");
}

std::vector<std::string> path_folders() {
  const char* const path = std::getenv("PATH");
  return split(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path, ':');
}

// The words of commands that may name a program.
std::set<std::string> words_of(const config::Database& declared, const config::Tests& tests) {
  std::set<std::string> words;
  const auto add = [&](const std::string& command) {
    std::string word;
    for (const char c : command + " ") {
      const bool apart = std::string_view(" \t\n;|&()<>\"'`$=").find(c) != std::string_view::npos;
      if (!apart) {
        word += c;
        continue;
      }
      if (!word.empty()) words.insert(word);
      word.clear();
    }
  };
  for (const auto* const steps :
       {&declared.steps, &declared.down, &declared.seed, &declared.models, &tests.run}) {
    for (const auto& step : *steps) add(step.run);
  }
  for (const auto* const command : {&declared.stairs.up, &declared.stairs.down, &declared.stairs.base})
    add(*command);
  words.insert({"python3", "python", "psql"});
  return words;
}

// "/usr/bin/python3" of "#!/usr/bin/python3", "python3" of "#!/usr/bin/env python3"; "" for none.
std::string interpreter_of(const fs::path& program) {
  std::ifstream file(program, std::ios::binary);
  std::string line(256, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  line = line.substr(0, line.find('\n'));
  if (!line.starts_with("#!")) return "";
  const auto words = split(trim(std::string_view(line).substr(2)), ' ');
  const bool env = words.size() > 1 && fs::path(words[0]).filename() == "env";
  return env ? words[1] : words[0];
}

// Where a Python looks for packages, each with its versions by the names in it.
std::string packages_of(const fs::path& python) {
  const auto said = run(
      {.arguments = {python.string(), "-c", "import sys; print(sys.version); print('\\n'.join(sys.path))"},
       .environment = std::vector<std::string>{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8"},
       .limit = std::chrono::seconds(10)});
  if (!said.ok()) return python.string() + " does not say where its packages are\n";
  std::string text;
  for (const auto& line : split(said.output, '\n')) {
    text += line + "\n";
    std::error_code ignored;
    if (line.starts_with('/') && fs::is_directory(line, ignored)) text += listing_of(line);
  }
  return text;
}

// The programs that the steps may start: those that they name, with the packages of Pythons; the folders of PATH, which
// change when a program is put there; and what the system's package managers write down.
std::string tools_of(const config::Database& declared, const config::Tests& tests) {
  std::string text;
  for (const auto& folder : path_folders()) text += state_of(folder);
  for (const char* const list : {"/var/lib/dpkg/status", "/lib/apk/db/installed", "/var/lib/rpm/rpmdb.sqlite",
                                 "/usr/lib/sysimage/rpm/rpmdb.sqlite", "/var/lib/pacman/local"}) {
    std::error_code ignored;
    if (fs::exists(list, ignored)) text += state_of(list);
  }
  std::set<fs::path> pythons;
  for (const auto& word : words_of(declared, tests)) {
    const auto program = find_program(word);
    std::error_code ignored;
    if (!program || !fs::is_regular_file(*program, ignored)) continue;
    text += state_of(*program);
    auto interpreter = *program;
    if (const auto named = interpreter_of(*program); !named.empty()) {
      const auto found = find_program(named);
      if (!found) continue;
      text += state_of(*found);
      interpreter = *found;
    }
    if (interpreter.filename().string().starts_with("python")) pythons.insert(interpreter);
  }
  std::set<fs::path> asked;
  for (const auto& python : pythons) {
    // A virtual environment's is a link, and has packages of its own: by its name.
    if (asked.insert(python).second) text += packages_of(python);
  }
  return text;
}

std::string described(const std::vector<config::Step>& steps) {
  std::string text;
  for (const auto& step : steps)
    text += fmt::format("{}\t{}\t{}\n", step.run, step.directory, step.timeout_seconds);
  return text;
}

// All that a declaration says; a configuration that reads otherwise and says the same is the same.
std::string described(const config::Database& declared) {
  std::string text = fmt::format("{}\t{}\t{}\t{}\t{}\n", declared.owner, declared.owner_declared,
                                 declared.version, declared.server, declared.npm);
  text += fmt::format("{}\t{}\t{}\t{}\t{}\n", declared.directory, declared.timeout_seconds, declared.stairway,
                      declared.schema_file, declared.state);
  for (const auto& role : declared.roles) {
    text += fmt::format("role {} {} {} {} {} {} {}\n", role.name, role.login, role.superuser, role.createdb,
                        role.createrole, role.bypassrls, join(role.member_of, " "));
  }
  for (const auto& role : declared.application)
    text += fmt::format("application {} {}\n", role.name, role.line);
  for (const auto& sql : declared.prepare) text += fmt::format("prepare {}\n", sql);
  text += "steps\n" + described(declared.steps) + "down\n" + described(declared.down);
  text += fmt::format("rehearsal {}\n", declared.rehearsal) + described(declared.seed) + "models\n" +
          described(declared.models);
  text += fmt::format("limits {} {} {}\n", declared.limits.network, declared.limits.memory_mb,
                      declared.limits.disk_mb);
  return text +
         fmt::format("stairs {}\t{}\t{}\n", declared.stairs.up, declared.stairs.down, declared.stairs.base);
}

// With where each command stands, which its row cites, and the commit that the base's code is of.
std::string described(const DatabaseStage& stage) {
  const auto& tests = stage.config.tests;
  std::string text = described(tests.run) + join(tests.reports, "\n") + "\n" + join(tests.coverage, "\n") +
                     fmt::format("\nline {}\n", tests.line);
  for (const auto& step : tests.run) text += fmt::format("line {}\n", step.line);
  if (stage.config.database) {
    for (const auto& step : stage.config.database->models) text += fmt::format("line {}\n", step.line);
  }
  if (tests.compatibility) text += compare_with_base(stage.checkout).merge_base.value_or("no base");
  return text;
}

std::string environment_of(const config::Database& declared) {
  const char* const path = std::getenv("PATH");
  std::string text = fmt::format("PATH={}\n", path == nullptr ? "" : path);
  for (const auto& [name, value] : declared.environment) text += fmt::format("{}={}\n", name, value);
  return text;
}

std::string server_of(const database::ServerPrograms& server) {
  std::string text = fmt::format("{} {}\n", server.version, server.folder.string());
  for (const char* const name : {"initdb", "postgres"}) text += state_of(server.folder / name);
  for (const char* const name : {"pg_dump", "psql"}) {
    const auto program = database::find_client_program(name, server);
    text += program ? state_of(*program) : fmt::format("no {}\n", name);
  }
  return text;
}

}  // namespace

ReuseInputs reuse_inputs(const DatabaseStage& stage, const config::Database& declared,
                         const database::ServerPrograms& server, const check::Parts& parts,
                         const std::vector<Part>& test_logs, const tests::Collected& brought) {
  std::string reports;
  for (const auto& file : brought.files) {
    reports += fmt::format("{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\n", file.path,
                           digest::sha256_hex(file.content), file.problem, file.of_base, file.line,
                           file.written_at, file.revision, file.step, file.tracked);
  }
  for (const auto& one : brought.missing)
    reports += fmt::format("{}\t{}\t{}\n", one.path, one.line, one.reason);
  std::string logs;
  for (const auto& log : test_logs) {
    logs += fmt::format("{}\t{}\t{}\n", log.path, digest::sha256_hex(log.content.value_or("")),
                        log.problem.value_or(""));
  }
  std::string secrets;
  for (const auto& value : stage.redactor.values()) secrets += fmt::format("{}:{}\n", value.size(), value);
  return {{"form", fmt::format("1, facts {}", facts::kSchemaVersion)},
          {"program", state_of(program_path())},
          {"tree", tree_of(stage.checkout)},
          {"file", stage.config.file},
          {"configuration", described(declared)},
          {"parts", join(parts, " ")},
          {"environment", environment_of(declared)},
          {"tools", tools_of(declared, stage.config.tests)},
          {"tests", described(stage)},
          {"server", server_of(server)},
          {"user", fmt::format("{}", ::geteuid())},
          {"secrets", digest::sha256_hex(secrets)},
          {"test-logs", logs},
          {"brought", reports}};
}

std::string reuse_key(const ReuseInputs& inputs) {
  digest::Sha256 digest;
  for (const auto& [name, value] : inputs) {
    digest.update(fmt::format("{} {}\n", name, value.size()));
    digest.update(value);
  }
  return digest.hex();
}

}  // namespace exitgate::collect::schema
