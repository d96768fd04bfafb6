#include "harness/stages/ctest_files.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/installation.h"
#include "harness/base/text.h"

namespace exitgate::stages {

namespace {

// CTest reads its post-test command as a list, as CMake reads a string, and as a shell reads words.
void require_sayable(const char* what, const std::filesystem::path& path) {
  const std::string text = path.string();
  const std::size_t at = text.find_first_of(";\"\\$`\n\r\t");
  if (at == std::string::npos) return;
  const std::string shown = text[at] < ' ' ? "a control character" : fmt::format("'{}'", text[at]);
  throw UsageError(
      fmt::format("the {} {} has {} in its path, which CTest cannot be told", what, printable(text), shown),
      "give another folder");
}

}  // namespace

void write_ctest_files(const CTestFolder& folder, const std::string& tests, const std::string& custom,
                       const TargetOptions& options, const gate::Suite& suite, int database_timeout_seconds) {
  gate::CTestOptions ctest;
  ctest.program = program_path();
  ctest.checks = checks_directory();
  ctest.build = std::filesystem::absolute(folder.build).lexically_normal();
  ctest.run = std::filesystem::absolute(folder.run).lexically_normal();
  ctest.archives = std::filesystem::absolute(folder.archives).lexically_normal();
  ctest.name = folder.name;
  require_sayable("program", ctest.program);
  require_sayable("build folder", ctest.build);
  require_sayable("run directory", ctest.run);
  require_sayable("folder for archives", ctest.archives);
  ctest.target = options.arguments();
  if (database_timeout_seconds > 0) ctest.database_timeout_seconds = database_timeout_seconds;
  write_file(folder.build / tests, gate::ctest_file(suite, ctest));
  write_file(folder.build / custom, gate::ctest_custom_file(ctest));
}

int database_timeout(const config::Config& config) {
  const int limit = config.database ? config.database->timeout_seconds : config::Database{}.timeout_seconds;
  const auto own = [&](const std::vector<config::Step>& steps) {
    int seconds = 0;
    for (const auto& step : steps) seconds += step.timeout_seconds > 0 ? step.timeout_seconds : limit;
    return seconds;
  };
  // The base's tests run as often again: on the new schema and, when they fail there, on their own.
  const int times = config.tests.compatibility ? 3 : 1;
  return 2 * limit + 300 + (config.database ? own(config.database->models) : 0) +
         times * own(config.tests.run);
}

}  // namespace exitgate::stages
