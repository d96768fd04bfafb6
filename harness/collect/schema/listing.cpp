#include "harness/collect/schema/listing.h"

#include <fmt/core.h>

namespace exitgate::collect::schema {

std::string listing_of(const Snapshot& snapshot, const std::string& name) {
  std::string text =
      fmt::format("Snapshot '{}' of database {}, PostgreSQL {}\nfingerprint {}\nstructure   {}\n{} objects\n",
                  name, snapshot.database, snapshot.server_version, snapshot.fingerprint, snapshot.structure,
                  snapshot.objects.size());
  for (const auto& applied : snapshot.state.revisions) {
    text += fmt::format("at revision {}{}\n", applied.revision,
                        applied.environment ? fmt::format(" of {}", *applied.environment) : "");
  }
  const std::string* kind = nullptr;
  for (const auto& object : snapshot.objects) {
    if (kind == nullptr || *kind != object.kind) {
      text += fmt::format("\n== {} ==\n", object.kind);
      kind = &object.kind;
    }
    text += fmt::format("{}\n    ", object.identity);
    for (const char c : object.definition) {
      text += c;
      if (c == '\n') text += "    ";
    }
    text += '\n';
  }
  return text;
}

}  // namespace exitgate::collect::schema
