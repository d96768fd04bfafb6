// What was fetched, kept under its digest: git's objects by their ids, blobs of registries by their SHA-256. Whatever is
// read is compared with its name, so it does not matter who else could write to the folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace exitgate::suites {

// A git object: "commit", "tree", "blob" or "tag".
struct Object {
  std::string type;
  std::string content;
};

class ObjectCache {
 public:
  // ${EXITGATE_CACHE:-…}/suites; without such a folder nothing is kept.
  static ObjectCache standard();
  explicit ObjectCache(std::optional<std::filesystem::path> folder) : folder_(std::move(folder)) {}

  // nullopt when it is not there. Throws VerificationError for an entry that is not what its name says.
  std::optional<Object> object(const std::string& id) const;
  std::optional<std::string> blob(const std::string& sha256) const;

  // Throws VerificationError unless the content has this name. That it cannot be kept is not an error.
  void keep_object(const std::string& id, const Object& object) const;
  void keep_blob(const std::string& sha256, const std::string& content) const;

 private:
  std::optional<std::string> read(const std::string& name) const;
  void keep(const std::string& name, const std::string& content) const;

  std::optional<std::filesystem::path> folder_;
};

// Whether it is a full id of a git object: 40 hexadecimal digits, or 64 of a repository that uses SHA-256.
bool is_object_id(std::string_view text);
bool is_sha256(std::string_view text);

}  // namespace exitgate::suites
