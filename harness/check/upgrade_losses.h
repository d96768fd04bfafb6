// What the rehearsal of the upgrade saw lost, for the check that reads statements: running tells what reading supposes.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/check.h"
#include "harness/facts/tables/migrations.h"
#include "harness/facts/tables/rehearsal.h"

namespace exitgate::check {

class UpgradeLosses {
 public:
  // Knows nothing where the store `rehearsal` is not there, or the upgrade was not applied.
  explicit UpgradeLosses(const Facts& facts);

  bool known() const { return known_; }

  // What became of a statement that was read.
  struct Seen {
    bool run = false;          // the server was seen to carry it out
    bool rows_matter = false;  // it changes rows, and which ones depends on what is in them
    std::vector<rehearsal::Loss> lost;
  };
  Seen of(const migrations::Statement& read);

  // Whether running it, which lost nothing, shows that it takes nothing from the base: not where the rows that were put in
  // may be others than those that it is about, nor where what it takes away is no row and no object.
  bool shows_harmless(const migrations::Statement& read, const Seen& seen) const;

  // The losses that no statement that was asked for has caused, each with its statement where that is known.
  struct Unread {
    rehearsal::Loss loss;
    std::optional<rehearsal::Statement> statement;
  };
  std::vector<Unread> unread() const;

 private:
  bool had_rows(const std::string& object) const;

  bool known_ = false;
  bool all_rows_known_ = true;  // nothing hindered the comparison
  std::vector<rehearsal::Statement> statements_;
  std::multimap<std::pair<std::string, std::int64_t>, std::size_t> by_place_;
  std::vector<rehearsal::Loss> losses_;
  std::set<std::size_t> asked_;  // losses that a statement was found for, by position
  std::map<std::string, std::int64_t> filled_;
};

// "3 of 3 values of public.orders.note are gone"
std::string in_words(const rehearsal::Loss& loss);

}  // namespace exitgate::check
