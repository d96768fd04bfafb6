// Liquibase's change logs, one file at a time: SQL with its comments, XML, YAML and JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

struct ChangeSet {
  std::string id;
  std::string author;
  int line = 1;
  std::string text;  // as it stands in the file
  std::vector<Statement> statements = {};
};

// What a change log holds, in its order: a change set, or another file or folder.
struct ChangeLogEntry {
  std::optional<ChangeSet> change_set;
  std::string include;          // path of a file, or of a folder when `all`; "" when it is a change set
  bool all = false;             // includeAll: each file of the folder
  bool relative = false;        // to this file, else to where Liquibase searches
  bool may_be_missing = false;  // errorIfMissing, errorIfMissingOrEmpty: false
  int line = 1;
};

struct ChangeLog {
  std::vector<ChangeLogEntry> entries;
  std::optional<std::string> problem;  // why it is not wholly read
};

// Whether a file is one, by its name and what stands in it.
bool is_change_log(std::string_view path, std::string_view text);
ChangeLog read_change_log(std::string_view path, std::string_view text);

}  // namespace exitgate::collect
