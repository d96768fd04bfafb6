// Results of the database stage, kept on this machine by the key of what they depend on: for --reuse.
//
//   CACHE/reuse/KEY/manifest     "exitgate-kept-1", when and of which commit, then lines of sha256sum
//   CACHE/reuse/KEY/files/…      as in the run directory: facts/schema.db or facts/rehearsal.db, schema/…, migrations/…, logs/…
//
// An entry gets its name when it is complete, and is never changed. Only what belongs to this user and nobody else may write
// to is taken, and only when it is what its manifest says; else it is removed and the caller does the work itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace exitgate::collect::schema {

inline constexpr std::size_t kMostKept = 8;                   // entries; the oldest go
inline constexpr std::uintmax_t kLargestKept = 64ULL << 20U;  // bytes of one entry

struct Taken {
  bool found = false;
  std::string origin;   // "the run of commit d1b778853611 at 2026-11-27T15:03:44Z"
  std::string problem;  // why an entry that was there was not taken, and is removed
};

// "the run of … (key 0123456789abcdef)", for facts and messages; and a text as SQL has it.
std::string shown_origin(const Taken& taken, const std::string& key);
std::string sql_literal(const std::string& text);

// Copies the entry's files into `run`. A file that is there already is replaced. Throws nothing.
Taken take_kept(const std::string& key, const std::filesystem::path& run);

// Keeps files of `run`, relative to it. Failing to do so is not an error; an entry that is there stays.
void keep(const std::string& key, const std::string& origin, const std::filesystem::path& run,
          const std::vector<std::string>& files);

}  // namespace exitgate::collect::schema
