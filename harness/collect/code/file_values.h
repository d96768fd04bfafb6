// Which variables the commit's own files (.env, settings.ini) give a value, for the code and the settings that load them.
//
// Files are examined each on its own. So a first pass asks for references, and records them; what they give is looked up
// in the commit, and the few files for which it gives anything are examined once more, with the answers.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace exitgate::collect::code {

// A file, as far as the code that names it tells.
struct FileReference {
  enum class Start : std::uint8_t {
    source,             // the folder of the file that names it
    working_directory,  // where the tests are started
    anywhere,           // a folder that only the run knows
  };
  enum class Format : std::uint8_t {
    dotenv,
    ini,       // the section [settings] of an INI file
    decouple,  // in each folder settings.ini before .env; `path` is that of the first folder
  };
  Start start = Start::anywhere;
  std::string
      path;  // relative, ".." not worked out; `*` for a part that is computed; "" with `anywhere`: any file
  bool upwards = false;  // the nearest one in that folder and those above
  Format format = Format::dotenv;

  bool operator<(const FileReference& other) const {
    return std::tie(start, path, upwards, format) <
           std::tie(other.start, other.path, other.upwards, other.format);
  }
};

struct FileValue {
  std::string variable;
  std::string place;    // file and line: ".env:3"
  bool certain = true;  // false: which file it is, or whether the value is one, cannot be told
};

class FileValues {
 public:
  // None in the first pass.
  const std::vector<FileValue>& of(const FileReference& reference) const;
  // Of one variable, by the last that is given; pydantic looks in any case.
  std::optional<FileValue> find(const FileReference& reference, std::string_view variable,
                                bool any_case = false) const;

  void set(const FileReference& reference, std::vector<FileValue> values) {
    known_[reference] = std::move(values);
  }
  // What has been asked for.
  std::vector<FileReference> references() const;

 private:
  mutable std::map<FileReference, std::vector<FileValue>> known_;
};

}  // namespace exitgate::collect::code
