#include "harness/attest/sidecars.h"

namespace exitgate::attest {

std::filesystem::path envelope_path(const std::filesystem::path& archive) {
  return archive.string() + ".intoto.json";
}

std::filesystem::path statement_path(const std::filesystem::path& archive) {
  return archive.string() + ".statement.json";
}

}  // namespace exitgate::attest
