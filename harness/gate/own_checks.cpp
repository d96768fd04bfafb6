#include "harness/gate/own_checks.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <set>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/check/program.h"

namespace exitgate::gate {

namespace {

constexpr std::chrono::seconds kLimit(10);
constexpr const char* kHint = "build it with exitgate_add_check (docs/cmake.md)";

[[noreturn]] void run_elsewhere(const check::Facts&, const check::Parameters&, check::Report&) {
  throw Undecided("internal fault: this check is a program of its own and is not part of exitgate");
}

check::Parameter::Type type_of(const std::string& name) {
  using check::Parameter;
  for (const auto type :
       {Parameter::integer, Parameter::boolean, Parameter::string, Parameter::strings, Parameter::json}) {
    if (name == check::type_name(type)) return type;
  }
  throw JsonError(fmt::format("unknown type of a parameter '{}'", name));
}

check::Check described_by(const std::filesystem::path& program) {
  try {
    const auto said = run({.arguments = {program.string(), "--describe"}, .limit = kLimit});
    if (!said.ok())
      throw UsageError(fmt::format("{} does not describe itself: {}", program.string(), said.outcome()),
                       kHint);
    return check_from_json(Json::parse(said.output, program.string() + " --describe"));
  } catch (const JsonError& error) {
    throw UsageError(fmt::format("{} does not describe a check: {}", program.string(), error.what()), kHint);
  } catch (const Undecided& error) {  // it cannot be started
    throw UsageError(error.what(), kHint);
  }
}

void add(const std::filesystem::path& program) {
  static std::deque<check::Check> all;  // the registry holds pointers
  auto check = described_by(program);
  const auto name = program.filename().string();
  if (check.name != name) {
    throw UsageError(fmt::format("{} describes itself as '{}'", program.string(), check.name),
                     fmt::format("write .name = \"{}\", or give exitgate_add_check that name", name));
  }
  if (const auto* other = check::find_check(name)) {
    throw UsageError(fmt::format("{}: there is another check '{}'{}", program.string(), name,
                                 check::program_of(*other).empty() ? ", a part of exitgate" : ""),
                     "give yours another name");
  }
  check::set_program(all.emplace_back(std::move(check)), program);
  const check::Registered registered(all.back());
}

}  // namespace

check::Check check_from_json(const Json& described) {
  check::Check check{described.at("name").text(),
                     described.at("title").text(),
                     described.at("why").text(),
                     described.at("domains").strings(),
                     {},
                     std::nullopt,
                     {},
                     run_elsewhere};
  if (const auto* const optional = described.find("optional_domains"); optional != nullptr)
    check.optional_domains = optional->strings();
  // A check that was built before there were parts, or does not name them, gets all of them.
  if (const auto* const parts = described.find("parts"); parts != nullptr && !parts->is_null())
    check.parts = parts->strings();
  for (const auto& one : described.at("parameters")) {
    const auto& value = one.at("default");
    check.parameters.push_back({one.at("name").text(), type_of(one.at("type").text()),
                                value.is_null() ? std::nullopt : std::optional(value.dump()),
                                one.at("meaning").text()});
  }
  return check;
}

void load_own_checks(const std::vector<std::string>& folders) {
  static std::set<std::filesystem::path> read;
  for (const auto& folder : folders) {
    std::error_code failed;
    const auto path = std::filesystem::canonical(folder, failed);
    if (failed || !std::filesystem::is_directory(path))
      throw UsageError(fmt::format("{}: no such folder of checks", folder), "see --checks");
    if (!read.insert(path).second) continue;
    std::vector<std::filesystem::path> programs;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.is_regular_file() && ::access(entry.path().c_str(), X_OK) == 0)
        programs.push_back(entry.path());
    }
    std::sort(programs.begin(), programs.end());
    for (const auto& program : programs) add(program);
  }
}

std::filesystem::path executable_of(const std::string& name, const std::filesystem::path& checks) {
  const auto* check = check::find_check(name);
  return check == nullptr || check::program_of(*check).empty() ? checks / name : check::program_of(*check);
}

}  // namespace exitgate::gate
