#include <fmt/format.h>

#include "harness/check/check.h"

namespace {

using namespace exitgate;

void run(const Facts& facts, const Parameters& with, Report& report) {
  for (const auto& name : with.strings("programs")) {
    report.examined();
    const auto version =
        facts.text("SELECT version FROM environment.tool WHERE name = ? AND version IS NOT NULL", {name});
    const auto path =
        facts.text("SELECT path FROM environment.tool WHERE name = ? AND path IS NOT NULL", {name});
    const auto digest =
        facts.text("SELECT sha256 FROM environment.tool WHERE name = ? AND sha256 IS NOT NULL", {name});
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
}

const Check check{
    .name = "programs-recorded",
    .title = "The programs that took part are recorded: path, version and SHA-256",
    .why =
        "A verdict is worth what the programs behind it are worth; a version is what a program says "
        "of itself, a digest is what it was.",
    .domains = {"environment"},
    .parameters = {{"programs", Parameter::strings, R"(["exitgate", "exitgate-checks", "git"])",
                    "names of tools of the environment's snapshot"}},
    .run = run};
const Registered registered(check);

}  // namespace
