// Names of files inside an archive: relative, and spelled so that BagIt, sha256sum and every file system agree on them.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace exitgate::record {

// Why a path cannot be a file of the archive ("has a backslash"), or "".
std::string name_problem(std::string_view path);

// Remembers the names of one archive and says what is wrong with another one: "" when nothing is.
class NameSet {
 public:
  // "is there twice", "differs only in case from 'A.txt'", "is a file and a folder".
  std::string add(const std::string& path);

 private:
  std::set<std::string> files_;    // in lower case
  std::set<std::string> folders_;  // in lower case
  std::set<std::string> spelled_;
};

}  // namespace exitgate::record
