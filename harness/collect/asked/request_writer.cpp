#include "harness/collect/asked/request_writer.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/asked/answer.h"
#include "harness/base/text.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::asked {

namespace rows = facts::asked;
using exitgate::asked::kMostRows;

namespace {

constexpr std::size_t kShown = 200;  // characters of a match
constexpr std::size_t kNamed = 5;    // files in a note

// Masked before it is cut, so that no half of a secret is left.
std::string shown(const std::string& text) {
  static const auto redactor = redact::Redactor::from_environment();
  std::string masked = redactor.redact(text.substr(0, 20 * kShown));
  if (masked.size() <= kShown) return masked;
  std::size_t end = kShown - 3;
  while (end > 0 && (static_cast<unsigned char>(masked[end]) & 0xC0U) == 0x80U) --end;
  return masked.substr(0, end) + "…";
}

template <typename Row>
void append(std::vector<Row>& to, const std::vector<Row>& rows) {
  const std::size_t room = kMostRows - std::min(kMostRows, to.size());
  to.insert(to.end(), rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(std::min(room, rows.size())));
}

}  // namespace

void RequestWriter::add(const FileAnswer& answer, std::string_view path) {
  if (answer.examined) ++examined_;
  found_ += answer.found;
  append(matches_, answer.matches);
  // All of them: which are kept is known when all are.
  paths_.insert(paths_.end(), answer.paths.begin(), answer.paths.end());
  values_.insert(values_.end(), answer.values.begin(), answer.values.end());
  append(problems_, answer.problems);
  if (!answer.passed_over.empty()) passed_over_[answer.passed_over].emplace_back(path);
}

void RequestWriter::note_unmatched_globs(const std::vector<std::string_view>& paths) {
  const auto note = [&](const exitgate::asked::Glob& glob, bool alone, std::string_view of) {
    if (std::any_of(paths.begin(), paths.end(), [&](std::string_view path) { return glob.matches(path); }))
      return;
    const std::string folder = glob.text() + "/";
    const bool is_folder = std::any_of(paths.begin(), paths.end(),
                                       [&](std::string_view path) { return path.starts_with(folder); });
    if (alone && !is_folder) return;
    problems_.push_back(
        {.gate = "",
         .example = false,
         .file = std::nullopt,
         .reason = fmt::format(
             "the glob '{}'{} matches no file{}", glob.text(), of,
             is_folder ? fmt::format(": it is a folder; write '{}' for the files below it", folder) : "")});
  };
  const auto& files = seeker_.files();
  // That there is no file at all, or none that must be there, the verdict says.
  const bool said = files.globs().size() == 1 || seeker_.asks_presence();
  if (files.is_given()) {
    for (const auto& glob : files.globs()) note(glob, said, "");
  }
  for (const auto& glob : files.except()) note(glob, false, " of 'except'");
}

template <typename Row>
void RequestWriter::write_rows(facts::Store& store, std::vector<Row> rows) const {
  for (auto& row : rows) {
    row.gate = gate_;
    row.example = example_;
    store.insert(row);
  }
}

void RequestWriter::write(facts::Store& store) {
  if (paths_.size() > kMostRows) {
    std::stable_partition(paths_.begin(), paths_.end(),
                          [&](const rows::Path& row) { return seeker_.is_first(row); });
    paths_.resize(kMostRows);
  }
  if (values_.size() > kMostRows) {
    std::stable_partition(values_.begin(), values_.end(),
                          [&](const rows::Value& row) { return seeker_.is_first(row); });
    values_.resize(kMostRows);
  }
  store.insert(rows::Request{.gate = gate_,
                             .example = example_,
                             .kind = seeker_.kind(),
                             .question = question_,
                             .examined = examined_,
                             .found = found_});
  for (auto& match : matches_) match.text = shown(match.text);
  write_rows(store, std::move(matches_));
  write_rows(store, std::move(paths_));
  write_rows(store, std::move(values_));
  write_rows(store, std::move(problems_));
  for (const auto& [what, paths] : passed_over_) {
    const std::size_t named = std::min(paths.size(), kNamed);
    const std::vector<std::string> first(paths.begin(), paths.begin() + static_cast<std::ptrdiff_t>(named));
    store.insert(rows::Problem{
        .gate = gate_,
        .example = example_,
        .reason =
            fmt::format("{} {} not searched: {}{}", count_of(paths.size(), what),
                        paths.size() == 1 ? "was" : "were", join(first, ", "),
                        paths.size() > named ? fmt::format(" and {} more", paths.size() - named) : "")});
  }
}

}  // namespace exitgate::collect::asked
