// What a collector found in a file, kept between runs: the same build finds the same in the same content under the same path.
//
// It lies in CACHE/facts/COLLECTOR-BUILD.db, for this user alone. What cannot be read there, or is damaged, is as if it were
// not there, and what cannot be written is not kept: neither is an error.
#pragma once

#include <cstddef>
#include <filesystem>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/redact/redactor.h"

namespace exitgate::collect {

class KeptFacts {
 public:
  // `cache`: the folder of all that is kept; "" keeps nothing. `collector`: "code". `build`: of this program; "" keeps nothing.
  KeptFacts(const std::filesystem::path& cache, std::string_view collector, const std::string& build);

  bool keeps() const { return !file_.empty(); }
  // What was found in each of these blobs under its path; nullopt where that is not known.
  struct Place {
    std::string_view oid;
    std::string_view path;
  };
  std::vector<std::optional<std::string>> find(const std::vector<Place>& places) const;
  // To be kept, unless something in it is to be masked. For any thread.
  void keep(const std::string& oid, const std::string& path, std::string found);
  // Writes what is to be kept.
  void save() noexcept;

 private:
  struct Entry {
    std::string oid;
    std::string path;
    std::string found;
  };
  void write() const;

  std::filesystem::path file_;  // "" when nothing is kept
  redact::Redactor redactor_;
  std::mutex mutex_;
  std::vector<Entry> new_;
};

}  // namespace exitgate::collect
