// What the checks on tests ask of the code facts: which test frameworks the repository uses, and what each offers.
//
// A framework is used when tests or a configuration show it; a dependency alone does not. Where several are used, each runs a
// session of its own, so each is asked. But what another framework runs in its session is not asked itself: unittest's tests
// under pytest are pytest's.
#pragma once

#include <string>
#include <vector>

#include "harness/check/check.h"
#include "harness/facts/tables/code.h"

namespace exitgate::check {

struct UsedFramework {
  code::KnownFramework offers;
  // Where its hooks and fixtures belong: the conftest.py nearest to the root, or its configuration, and the line of that. ""
  // when there is none.
  std::string place;
  std::int64_t line = 0;
};

// Sorted by name.
std::vector<UsedFramework> used_frameworks(const Facts& facts);

// Tests of which nobody can be asked: of a language that is not read, or of a framework that is not known. One sentence for each
// kind, empty when there are none.
std::vector<std::string> unread_tests(const Facts& facts);

// Reports as skipped what examined nothing. `without`: frameworks that have no such thing, each with the reason.
void skip_without_tests(const Facts& facts, const std::vector<std::string>& without, Report& report);

// An undecided finding for each file of the framework's language that could not be read; `may` says what is unknown of it.
// True when there is one.
bool report_unread_code(const Facts& facts, const UsedFramework& framework, Report& report,
                        const std::string& may);

// With the file that it belongs into before it, where there is none yet.
std::string hint_at(const UsedFramework& framework, const std::string& hint);

}  // namespace exitgate::check
