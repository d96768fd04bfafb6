// The commit object, read as it is stored: no configuration of the clone can change what it says.
#pragma once

#include <string>
#include <string_view>

namespace exitgate::collect::repo {

struct Commit {
  std::string tree;          // object id
  std::string committed_at;  // ISO 8601 in UTC
  std::string subject;       // first line of the message
  // First line of its signature's value: "-----BEGIN SSH SIGNATURE-----"; "" for none.
  std::string signature;
};

// `content`: of the commit object, without its header. Throws Undecided naming `oid` when it has another form.
Commit parse_commit(std::string_view content, std::string_view oid);

}  // namespace exitgate::collect::repo
