// Names of files inside an archive: relative, and spelled so that BagIt, sha256sum and every file system agree on them.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace exitgate::record {

// Why a path cannot be a file of the archive ("has a backslash"), or "".
std::string name_problem(std::string_view path);

// The name that archives of this repository begin with: a file name on every system, an OCI tag, and an argument that no
// program takes for an option. Letters, digits, '-', '_' and '.' stay and the first is a letter or a digit; letters with
// marks lose them, and what is left over becomes '-'. At most 60 characters; "repository" when nothing is left.
// ".github" → "github", "-rf" → "rf", "\u00dcn\u00ef s\u00f6\u00df" → "Uni-so".
std::string archive_name(std::string_view repository);

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
