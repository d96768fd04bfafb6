#include "harness/collect/schema/stage_server.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/database/connection.h"

namespace exitgate::collect::schema {

namespace {

// 0 without a live server, and when it does not answer: that is told where it is read.
int live_major(const DatabaseStage& stage) {
  if (stage.database_url.empty()) return 0;
  try {
    return database::Connection(database::target_of(stage.database_url), {}, true).server_version() / 10'000;
  } catch (const Error&) {
    return 0;
  }
}

}  // namespace

database::ChosenServer server_for(const DatabaseStage& stage, const config::Database& declared) {
  database::ServerWish wish{.version = declared.version, .npm = declared.npm};
  wish.folder = stage.server.empty() ? std::filesystem::path(declared.server) : stage.server;
  wish.folder_given_by =
      stage.server.empty() ? fmt::format("`server:` in {}", stage.config.file) : "--server";
  if (wish.folder.empty() && wish.version == 0) wish.live = live_major(stage);
  return database::choose_server(wish);
}

}  // namespace exitgate::collect::schema
