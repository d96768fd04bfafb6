// Folders of numbered SQL files: dbmate's, and plain ones that a script carries out in order.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

// Whether a file's name says that it takes back what another does: "1_add_users_down.sql".
bool goes_down(std::string_view name);

// The files of each folder that no other tool has taken. Only folders whose path says "migrations" count:
// numbers alone are no sign of a history, unless `anywhere`. Files that go down are left out.
std::map<std::string, std::vector<std::string>> numbered_sql_folders(const Source& source,
                                                                     bool anywhere = false);

// The history of one such folder.
Environment numbered_sql_history(const std::string& folder, const std::vector<std::string>& files);

}  // namespace exitgate::collect
