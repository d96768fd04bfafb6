#include "harness/cli/options.h"

#include <fmt/core.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include "harness/base/error.h"

namespace exitgate::cli {

struct Options::Parser {
  Parser(const std::string& summary, const std::string& name) : app(summary, name) {}
  CLI::App app;
};

Option Option::required() {
  static_cast<CLI::Option*>(option_)->required();
  return *this;
}

Option Option::environment(const char* variable) {
  static_cast<CLI::Option*>(option_)->envname(variable);
  return *this;
}

Option Option::show_default() {
  static_cast<CLI::Option*>(option_)->capture_default_str();
  return *this;
}

Options::Options(const std::string& summary, const std::string& name)
    : parser_(std::make_unique<Parser>(summary, name)) {}

Options::~Options() = default;

Option Options::add(const std::string& name, std::string& value, const std::string& meaning) {
  return Option(parser_->app.add_option(name, value, meaning));
}

Option Options::add(const std::string& name, std::vector<std::string>& values, const std::string& meaning) {
  return Option(parser_->app.add_option(name, values, meaning));
}

Option Options::add_flag(const std::string& name, bool& value, const std::string& meaning) {
  return Option(parser_->app.add_flag(name, value, meaning));
}

void Options::add_target(stages::TargetOptions& target) {
  add("--repo", target.repository, "the target: a work tree, a worktree or a bare git directory")
      .environment("EXITGATE_REPO")
      .show_default();
  add("--commit", target.commit, "the commit to examine").environment("EXITGATE_COMMIT").show_default();
  add("--config", target.config, "stands for the exitgate.yaml that the commit may carry")
      .environment("EXITGATE_CONFIG");
  add("--suite", target.suites,
      "a gate file or a folder of them, instead of the suite that comes with exitgate")
      .environment("EXITGATE_SUITE");
  add("--profile", target.profile,
      "which of the suite's gates are asked: minimal, evidence, strict, database, or all (default: what the "
      "configuration says, else all)")
      .environment("EXITGATE_PROFILE");
  add("--checks", target.checks, "a folder of checks of your own, as exitgate_add_check builds them")
      .environment("EXITGATE_CHECKS");
}

std::optional<int> Options::parse(int argc, char** argv) {
  auto& app = parser_->app;
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    throw UsageError(fmt::format("{}: {}", app.get_name(), error.what()),
                     fmt::format("see {} --help", app.get_name()));
  }
}

}  // namespace exitgate::cli
