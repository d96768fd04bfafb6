#include "harness/sandbox/containment.h"

#include <fmt/core.h>

#include <chrono>
#include <cstdlib>
#include <string_view>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/sandbox/entry.h"

namespace exitgate::sandbox {

namespace {

// "" when a program runs in it.
std::string problem_of(const Containment& tried) {
  try {
    const Namespaces namespaces(tried, true, std::nullopt);
    const Entry entry(tried, namespaces, Room{});
    Command command;
    command.arguments = {"/bin/sh", "-c", ":"};
    command.environment = std::vector<std::string>{"PATH=/usr/bin:/bin"};
    command.directory = "/";
    command.limit = std::chrono::seconds(20);
    command.before_exec = [&] { entry.enter(); };
    const ProcessResult result = run(command);
    if (entry.ending() == Ending::setup) return entry.setup_problem();
    return result.ok() ? "" : result.outcome();
  } catch (const Undecided& problem) {
    return problem.what();
  }
}

Containment try_all() {
  const char* const wish = std::getenv("EXITGATE_SANDBOX");
  if (wish != nullptr && std::string_view(wish) == "off") {
    return {.reason = "EXITGATE_SANDBOX=off"};
  }
  std::string reasons;
  for (const bool processes : {true, false}) {
    for (const bool user_namespace : {false, true}) {
      Containment tried{
          .network = true, .files = true, .processes = processes, .user_namespace = user_namespace};
      const std::string problem = problem_of(tried);
      if (problem.empty()) {
        tried.reason = reasons;
        return tried;
      }
      // The second is what users who are not privileged get.
      if (user_namespace && reasons.empty()) reasons = problem;
    }
  }
  return {.reason = reasons};
}

}  // namespace

const Containment& containment() {
  static const Containment found = try_all();
  return found;
}

}  // namespace exitgate::sandbox
