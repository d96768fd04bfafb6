#include "harness/stages/ctest_files.h"

#include "harness/base/file.h"
#include "harness/base/installation.h"

namespace exitgate::stages {

void write_ctest_files(const CTestFolder& folder, const std::string& tests, const std::string& custom,
                       const TargetOptions& options, const gate::Suite& suite, int database_timeout_seconds) {
  gate::CTestOptions ctest;
  ctest.program = program_path();
  ctest.checks = checks_directory();
  ctest.build = std::filesystem::absolute(folder.build).lexically_normal();
  ctest.run = std::filesystem::absolute(folder.run).lexically_normal();
  ctest.archives = std::filesystem::absolute(folder.archives).lexically_normal();
  ctest.name = folder.name;
  ctest.target = options.arguments();
  if (database_timeout_seconds > 0) ctest.database_timeout_seconds = database_timeout_seconds;
  write_file(folder.build / tests, gate::ctest_file(suite, ctest));
  write_file(folder.build / custom, gate::ctest_custom_file(ctest));
}

int database_timeout(const config::Config& config) {
  const int limit = config.database ? config.database->timeout_seconds : config::Database{}.timeout_seconds;
  return 2 * limit + 300;
}

}  // namespace exitgate::stages
