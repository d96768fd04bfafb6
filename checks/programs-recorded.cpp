#include <fmt/core.h>

#include <optional>

#include "harness/check/check.h"

namespace exitgate::check {
namespace {

std::optional<std::string> said(const Facts& facts, const std::string& column, const std::string& name) {
  return facts.text(
      fmt::format("SELECT {0} FROM environment.tool WHERE name = ? AND {0} IS NOT NULL", column), {name});
}

void look_at(const std::string& name, bool required, const Facts& facts, Report& report) {
  const auto path = said(facts, "path", name);
  if (!path && !required) return;  // what is not there took no part
  report.examined();
  const auto version = said(facts, "version", name);
  const auto digest = said(facts, "sha256", name);
  if (!path) {
    report.fail({name, "", 0,
                 fmt::format("{} took part and was not found when the facts were collected", name),
                 fmt::format("put the folder of {} on PATH where the gates run", name)});
  } else if (!digest) {
    report.fail({name, "", 0,
                 fmt::format("the bytes of {} are not recorded: {} could not be read", name, *path),
                 fmt::format("see that `sha256sum {}` works where the gates run", *path)});
  } else if (!version) {
    report.fail({name, "", 0, fmt::format("{} does not say its version", *path),
                 fmt::format("see that `{} --version` works where the gates run", *path)});
  } else {
    report.note(fmt::format("{} {}, SHA-256 {}", name, *version, *digest));
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  for (const auto& name : with.strings("programs")) look_at(name, true, facts, report);
  for (const auto& name : with.strings("when-installed")) look_at(name, false, facts, report);
}

const Check check{
    .name = "programs-recorded",
    .title = "The programs that took part are recorded: path, version and SHA-256",
    .why =
        "A verdict is worth what the programs behind it are worth; a version is what a program says "
        "of itself, a digest is what it was.",
    .domains = {"environment"},
    .parameters = {{"programs", Parameter::strings, R"(["exitgate", "exitgate-checks", "git"])",
                    "tools of the environment's snapshot that always take part"},
                   {"when-installed", Parameter::strings, R"(["postgres", "initdb", "pg_dump"])",
                    "tools that take part where they are installed"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
