#include "tests/checks/judge.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <stdexcept>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/check/check.h"
#include "harness/collect/ci/write.h"
#include "harness/collect/code/frameworks.h"
#include "harness/collect/migrations/collect.h"
#include "harness/facts/store.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"
#include "tests/checks/judge_files.h"
#include "tests/ci/repository.h"

namespace exitgate::testing {

namespace {

// A folder of all stores, gone with the object; empty but for the migration tools that are known.
class Stores {
 public:
  explicit Stores(const std::string& sql) {
    for (const auto& declared : facts::declarations()) {
      facts::Store store(folder(), declared.domain);
      if (declared.domain == "ci") collect::ci::write_providers(store);
      if (std::string_view(declared.domain) == "migrations") collect::write_tools(store);
      if (std::string_view(declared.domain) == "code") collect::code::write_known_frameworks(store);
      store.close();
    }
    sqlite3* database = nullptr;
    if (sqlite3_open(":memory:", &database) != SQLITE_OK) throw std::runtime_error("sqlite3_open");
    std::string script;
    for (const auto& declared : facts::declarations()) {
      if (sql.find(declared.domain + ".") == std::string::npos) continue;  // SQLite attaches ten at most
      script += fmt::format(
          "ATTACH '{0}/{1}.db' AS {1}; PRAGMA {1}.synchronous = OFF; PRAGMA {1}.journal_mode = MEMORY;",
          folder().string(), declared.domain);
    }
    script += sql;
    char* said = nullptr;
    const int result = sqlite3_exec(database, script.c_str(), nullptr, nullptr, &said);
    const std::string why = said != nullptr ? said : "";
    sqlite3_free(said);
    sqlite3_close(database);
    if (result != SQLITE_OK) throw std::runtime_error("the test's facts: " + why);
  }
  const std::filesystem::path& folder() const { return folder_.path(); }

 private:
  TemporaryDirectory folder_;
};

check::Report run(const std::string& name, const std::string& with, const std::string& facts_sql) {
  const check::Check* const check = check::find_check(name);
  if (check == nullptr) throw std::runtime_error("no check " + name);
  const Stores stores(facts_sql);
  const check::Parameters parameters(check->parameters, Json::parse(with));
  auto domains = check->domains;
  if (name == "sql") domains = parameters.strings("domains");
  domains.insert(domains.end(), check->optional_domains.begin(), check->optional_domains.end());
  const facts::Facts facts(stores.folder(), domains);
  check::Report report;
  check->run(facts, parameters, report);
  return report;
}

std::string shown(const char* mark, const check::Finding& finding) {
  std::string place = finding.file;
  if (finding.line > 0) place += fmt::format(":{}", finding.line);
  if (!place.empty()) place += ": ";
  return fmt::format("{}{}{}\n{}", mark, place, finding.message,
                     finding.hint.empty() ? "" : fmt::format("  > {}\n", finding.hint));
}

std::string shown(const check::Report& report) {
  std::string text = fmt::format("{} examined\n", report.examined_count());
  for (const auto& finding : report.findings()) text += shown("FAIL ", finding);
  for (const auto& finding : report.undecided_findings()) text += shown("?    ", finding);
  if (report.skipped())
    text += fmt::format("skip: {}{}{}\n", *report.skipped(), report.remedy().empty() ? "" : ": ",
                        report.remedy());
  for (const auto& note : report.notes()) text += fmt::format("note: {}\n", note);
  return text;
}

}  // namespace

std::string judge_files(const std::string& check, const std::string& with,
                        const std::map<std::string, std::string>& files) {
  const check::Check* const found = check::find_check(check);
  if (found == nullptr) throw std::runtime_error("no check " + check);
  const collect::TestRepository repository(files);
  const facts::Facts facts = repository.collect();
  const check::Parameters parameters(found->parameters, Json::parse(with));
  check::Report report;
  found->run(facts, parameters, report);
  return shown(report);
}

std::string judge(const std::string& check, const std::string& with, const std::string& facts) {
  try {
    const check::Report report = run(check, with, facts);
    return shown(report);
  } catch (const Error& error) {
    return fmt::format("error: {}\n{}", error.what(),
                       error.hint().empty() ? "" : fmt::format("  > {}\n", error.hint()));
  }
}

std::string keys(const std::string& check, const std::string& with, const std::string& facts) {
  const check::Report report = run(check, with, facts);
  std::string text;
  for (const auto& finding : report.findings()) text += finding.key + "\n";
  for (const auto& finding : report.undecided_findings()) text += finding.key + "\n";
  return text;
}

}  // namespace exitgate::testing
