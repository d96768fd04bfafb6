// Archives made by hand, to be refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/archive/bag.h"

namespace exitgate::archive {

struct CraftedMember {
  std::string path;  // with the folder: "sample/data/run.json"
  std::string content;
  std::string header = {};  // "" : as seal writes it
};

// The members of an archive, in order.
std::vector<CraftedMember> members_of(const std::filesystem::path& archive);

// Manifests, Payload-Oxum and tag manifest of the members as they are: an attacker without a key can always do this.
void recompute(std::vector<CraftedMember>& members);

// The tar stream, without its end when `end` is not given.
std::string tar_of(const std::vector<CraftedMember>& members, bool end = true);

// A digest of what an archive unpacks to, names and contents. Throws VerificationError.
std::string unpacked(const std::string& bytes, Format format);

std::string zstd_of(const std::string& bytes);
void write_archive(const std::filesystem::path& archive, const std::string& tar);

}  // namespace exitgate::archive
