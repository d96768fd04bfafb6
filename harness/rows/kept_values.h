// Where values that are gone are found afterwards. Inside this library only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "harness/rows/contents.h"
#include "harness/rows/row_matching.h"

namespace exitgate::rows {

class KeptValues {
 public:
  KeptValues(const Contents& before, const Contents& after);

  // Of a column of `table`, which is `now` afterwards (nullptr when it is gone), in these rows of it: 'public.person.name', the
  // names of several between commas, or "". First in the same row of the same table, whole or as a part of a text; then in a
  // column or table that is new.
  std::string column(const ContentTable& table, std::size_t column, const std::vector<std::size_t>& rows,
                     const ContentTable* now, const std::vector<int>& matches) const;
  // A table that has these rows of `table` with all of their values, other than `now`; "" when there is none. Columns are the
  // same by name.
  std::string rows(const ContentTable& table, const std::vector<std::size_t>& rows,
                   const ContentTable* now) const;
  // Of a table that is gone: a table, or the columns of others, that have all of its values. "" when some are nowhere.
  std::string table(const ContentTable& table) const;

 private:
  bool is_new(const ContentTable& table, const ContentColumn& column) const;
  std::string in_same_rows(const ContentTable& table, std::size_t column,
                           const std::vector<std::size_t>& rows, const ContentTable& now,
                           const std::vector<int>& matches) const;
  // `tables`: that have others of the values, so that small numbers in them count as well.
  std::string elsewhere(const ContentTable& table, std::size_t column, const std::vector<std::size_t>& rows,
                        const ContentTable* now, const std::vector<std::string>& tables) const;

  const Contents& after_;
  std::map<Oid, std::set<int>> known_;  // columns before, by table
};

}  // namespace exitgate::rows
