// Which server the migrations run in: the one that is asked for, else the one that production has.
#pragma once

#include <filesystem>
#include <string>

#include "harness/database/npm_server.h"
#include "harness/database/server.h"

namespace exitgate::database {

struct ServerWish {
  std::filesystem::path folder = {};  // whose server it is to be; empty: none was given
  std::string folder_given_by = {};   // "--server", "`server:` in exitgate.yaml"
  int version = 0;                    // major version that the configuration asks for; 0: none
  int live = 0;                       // of the live server; 0: there is none
  bool npm = false;                   // a package of npm may be fetched
};

enum class ServerOrigin { given, installed, npm };

struct ChosenServer {
  ServerPrograms programs;
  ServerOrigin origin = ServerOrigin::installed;
  std::string reason = {};  // why this one, in words
  std::optional<NpmPackage> package = {};
};

// The folder that is given; else the version that is asked for; else the live server's; else the newest. One that is
// installed goes before npm's package, and before another version than the live server's stands npm's package.
// Throws Undecided when what is asked for is not there, and UsageError for a folder without a server or of another version.
ChosenServer choose_server(const ServerWish& wish);

}  // namespace exitgate::database
