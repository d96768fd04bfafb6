// Names of files inside an archive: relative, and spelled so that BagIt, sha256sum and every file system agree on them.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace exitgate::record {

// Why a path cannot be a file of the archive ("has a backslash"), or "".
std::string name_problem(std::string_view path);

// Remembers the names of one archive and says what is wrong with another one: "" when nothing is. Names that some file
// system or BagIt reader takes for one another cannot be in one archive.
class NameSet {
 public:
  // "is there twice", "differs only in case from another name", "differs only in its Unicode normalization from another
  // name", "is a file and a folder".
  std::string add(const std::string& path);

 private:
  std::set<std::string> files_;    // by caseless_key()
  std::set<std::string> folders_;  // by caseless_key()
  std::set<std::string> spelled_;
  std::set<std::string> normalized_;  // by normalized_key()
};

}  // namespace exitgate::record
