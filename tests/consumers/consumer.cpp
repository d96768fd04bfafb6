#include "tests/consumers/consumer.h"

#include <gtest/gtest.h>

namespace exitgate::testing_program {

namespace {

ProcessResult run_program(std::vector<std::string> arguments,
                          const std::vector<std::string>& variables = {}) {
  std::vector<std::string> environment = variables;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!text.starts_with("EXITGATE_") && !text.starts_with("PG")) environment.emplace_back(text);
  }
  Command command;
  command.arguments = std::move(arguments);
  command.environment = std::move(environment);
  command.limit = std::chrono::seconds(250);
  command.merge_error = true;
  return run(command);
}

}  // namespace

Consumer::Consumer(const std::string& name) {
  std::filesystem::copy(std::filesystem::path(PROJECTS) / name, source(),
                        std::filesystem::copy_options::recursive);
}

ProcessResult Consumer::configure(const std::vector<std::string>& definitions) const {
  std::vector<std::string> arguments = {CMAKE, "-S",   source().string(), "-B", build().string(),
                                        "-G",  "Ninja"};
  for (const auto& definition : definitions) arguments.push_back("-D" + definition);
  arguments.emplace_back("-DCMAKE_PREFIX_PATH=" INSTALLED);
  return run_program(std::move(arguments));
}

void Consumer::make(const std::vector<std::string>& definitions) const {
  const auto configured = configure(definitions);
  ASSERT_TRUE(configured.ok()) << configured.output;
  const auto built = run_program({CMAKE, "--build", build().string()});
  ASSERT_TRUE(built.ok()) << built.output;
}

ProcessResult Consumer::ctest_in(const std::filesystem::path& folder, std::vector<std::string> arguments,
                                 const std::vector<std::string>& variables) {
  arguments.insert(arguments.begin(), {CTEST, "--test-dir", folder.string(), "--output-on-failure"});
  return run_program(std::move(arguments), variables);
}

}  // namespace exitgate::testing_program
