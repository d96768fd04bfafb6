#include "harness/facts/tables.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::facts {

const Declaration& declaration(std::string_view domain) {
  std::vector<std::string> known;
  for (const auto& one : declarations()) {
    if (one.domain == domain) return one;
    known.push_back(one.domain);
  }
  throw UsageError(fmt::format("unknown fact domain '{}'{}", domain, did_you_mean(domain, known)),
                   fmt::format("the domains are {}", join(known, ", ")));
}

std::vector<Table> tables() {
  constexpr std::string_view kCreate = "CREATE TABLE ";
  constexpr std::string_view kComment = "-- ";
  std::vector<Table> all;
  for (const auto& [domain, sql] : declarations()) {
    std::string meaning;
    bool inside = false;
    for (const auto& raw : split(sql, '\n')) {
      const std::string_view line = trim(raw);
      if (inside && line.rfind(')', 0) == 0) {
        inside = false;
        meaning.clear();
      } else if (inside) {
        const std::size_t comment = line.find(kComment);
        std::string_view declared = trim(line.substr(0, comment));
        if (!declared.empty() && declared.back() == ',') declared.remove_suffix(1);
        const std::size_t space = declared.find(' ');
        Column column{std::string(declared.substr(0, space)), std::string(declared.substr(space + 1)), ""};
        if (comment != std::string_view::npos) column.meaning = line.substr(comment + kComment.size());
        all.back().columns.push_back(std::move(column));
      } else if (line.rfind(kCreate, 0) == 0) {
        const std::string_view rest = line.substr(kCreate.size());
        all.push_back({domain, std::string(rest.substr(0, rest.find(' '))), meaning, {}});
        inside = true;
      } else if (line.rfind(kComment, 0) == 0) {
        if (!meaning.empty()) meaning += ' ';
        meaning += line.substr(kComment.size());
      } else {
        meaning.clear();
      }
    }
  }
  return all;
}

}  // namespace exitgate::facts
