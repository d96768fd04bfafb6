#include "harness/collect/schema/compare.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/text.h"
#include "harness/schema/column_order.h"

namespace exitgate::collect::schema {

namespace {

struct Found {
  Difference difference;
  std::string parent;
};

std::vector<Found> find(const std::vector<Object>& before, const std::vector<Object>& after) {
  std::vector<Found> found;
  auto old = before.begin();
  auto fresh = after.begin();
  const auto key = [](const Object& object) { return std::tie(object.kind, object.identity); };
  while (old != before.end() || fresh != after.end()) {
    if (fresh == after.end() || (old != before.end() && key(*old) < key(*fresh))) {
      if (old->kind != exitgate::schema::kColumnOrder) {
        found.push_back({{Change::removed, old->kind, old->identity, old->definition, "", {}}, old->parent});
      }
      ++old;
    } else if (old == before.end() || key(*fresh) < key(*old)) {
      if (fresh->kind != exitgate::schema::kColumnOrder) {
        found.push_back(
            {{Change::added, fresh->kind, fresh->identity, "", fresh->definition, {}}, fresh->parent});
      }
      ++fresh;
    } else {
      const bool same = old->sha256 == fresh->sha256 ||
                        (old->kind == exitgate::schema::kColumnOrder &&
                         exitgate::schema::same_column_order(old->definition, fresh->definition));
      if (!same) {
        found.push_back({{Change::changed, old->kind, old->identity, old->definition, fresh->definition, {}},
                         fresh->parent});
      }
      ++old;
      ++fresh;
    }
  }
  return found;
}

}  // namespace

Comparison compare(const std::vector<Object>& before, const std::vector<Object>& after,
                   const std::vector<std::string>& ignore) {
  Comparison comparison;
  for (const auto& pattern : ignore) comparison.ignored.push_back({pattern, 0});
  std::vector<Found> found = find(before, after);
  std::erase_if(found, [&](const Found& one) {
    const std::string subject = one.difference.kind + " " + one.difference.identity;
    bool quiet = false;
    for (auto& ignored : comparison.ignored) {
      if (!glob_match(ignored.pattern, subject)) continue;
      ++ignored.differences;
      quiet = true;
    }
    return quiet;
  });
  // What came or went with something else is a part of that; chains (a grant on a column of a table) go to the top.
  std::map<std::pair<Change, std::string>, std::size_t> whole;
  for (std::size_t at = 0; at < found.size(); ++at) {
    const Difference& difference = found[at].difference;
    if (difference.change != Change::changed) {
      whole[{difference.change, difference.kind + " " + difference.identity}] = at;
    }
  }
  const auto top_of = [&](std::size_t at) {
    for (int steps = 0; steps < 8; ++steps) {
      const auto above = whole.find({found[at].difference.change, found[at].parent});
      if (found[at].parent.empty() || above == whole.end()) break;
      at = above->second;
    }
    return at;
  };
  std::vector<std::size_t> tops(found.size());
  for (std::size_t at = 0; at < found.size(); ++at) tops[at] = top_of(at);
  std::vector<std::vector<std::size_t>> parts(found.size());
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (tops[at] != at) parts[tops[at]].push_back(at);
  }
  for (std::size_t at = 0; at < found.size(); ++at) {
    if (tops[at] != at) continue;
    Difference whole_one = found[at].difference;
    for (const std::size_t part : parts[at]) whole_one.parts.push_back(found[part].difference);
    comparison.differences.push_back(std::move(whole_one));
  }
  return comparison;
}

std::string in_words(const std::vector<Difference>& differences) {
  constexpr std::size_t kMost = 3;
  std::string words;
  for (std::size_t at = 0; at < differences.size() && at < kMost; ++at) {
    const auto& one = differences[at];
    words += fmt::format("{}{} {} {}", at == 0 ? "" : ", ", one.kind, one.identity,
                         one.change == Change::added     ? "is new"
                         : one.change == Change::removed ? "is gone"
                                                         : "is another");
  }
  if (differences.size() > kMost) words += fmt::format(" and {} more", differences.size() - kMost);
  return words;
}

}  // namespace exitgate::collect::schema
