#include "harness/check/test_frameworks.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::check {

namespace {

constexpr const char* kUsed =
    "WHERE name IN (SELECT name FROM code.framework WHERE evidence <> 'dependency') ORDER BY name";

// The file that its hooks belong into.
void set_place(const Facts& facts, UsedFramework& used) {
  for (const Row& row :
       facts.query("SELECT file, coalesce(line, 0) AS line FROM code.framework WHERE name = ? AND evidence = "
                   "'configuration' ORDER BY file NOT GLOB '*conftest.py', length(file), file",
                   {used.offers.name})) {
    used.place = row.text("file");
    used.line = used.place.ends_with("conftest.py") ? 0 : row.integer("line");
    // pytest's settings are not where its hooks are written.
    if (used.offers.place == "conftest.py" && !used.place.ends_with("conftest.py")) used.place.clear();
    break;
  }
  if (used.place.empty()) used.line = 0;
}

}  // namespace

std::vector<UsedFramework> used_frameworks(const Facts& facts) {
  std::vector<UsedFramework> used;
  for (const code::KnownFramework& known : facts.rows<code::KnownFramework>(kUsed))
    used.push_back({known, "", 0});
  const auto is_used = [&](const std::string& name) {
    return std::any_of(used.begin(), used.end(),
                       [&](const UsedFramework& one) { return one.offers.name == name; });
  };
  std::vector<UsedFramework> asked;
  for (const auto& one : used) {
    const auto others = Json::parse(one.offers.run_by).strings();
    if (std::any_of(others.begin(), others.end(), is_used)) continue;
    asked.push_back(one);
    set_place(facts, asked.back());
  }
  return asked;
}

std::vector<std::string> unread_tests(const Facts& facts) {
  std::vector<std::string> all;
  for (const Row& row :
       facts.query("SELECT language, count(*) AS files, min(file) AS first, EXISTS (SELECT 1 FROM "
                   "code.known_framework k "
                   "WHERE k.language = t.language) AS is_read FROM code.test_file t WHERE framework IS NULL "
                   "GROUP BY language ORDER BY language")) {
    const auto files = count_of(static_cast<std::size_t>(row.integer("files")), "file");
    all.push_back(row.integer("is_read") != 0
                      ? fmt::format("the framework of the {} tests in {} ({}) is not known",
                                    row.text("language"), files, row.text("first"))
                      : fmt::format("tests in {} ({}, {}) are not read", row.text("language"), files,
                                    row.text("first")));
  }
  return all;
}

void skip_without_tests(const Facts& facts, const std::vector<std::string>& without, Report& report) {
  auto reasons = without;
  for (auto& one : unread_tests(facts)) reasons.push_back(std::move(one));
  report.skip(reasons.empty() ? "there are no tests" : join(reasons, "; "));
}

bool report_unread_code(const Facts& facts, const UsedFramework& framework, Report& report,
                        const std::string& may) {
  const auto& language = framework.offers.language;
  bool any = false;
  for (const code::Problem& problem : facts.rows<code::Problem>(
           "WHERE language = ?1 OR (?1 = 'javascript' AND language = 'typescript') ORDER BY file",
           {language})) {
    any = true;
    report.undecided({problem.file, problem.file, 0,
                      fmt::format("cannot be read ({}): {}", problem.reason, may), "fix the file"});
  }
  return any;
}

std::string hint_at(const UsedFramework& framework, const std::string& hint) {
  if (!framework.place.empty() || !framework.offers.place) return hint;
  if (*framework.offers.place == "conftest.py") return "add a conftest.py beside the tests: " + hint;
  return fmt::format("in {}: {}", *framework.offers.place, hint);
}

}  // namespace exitgate::check
