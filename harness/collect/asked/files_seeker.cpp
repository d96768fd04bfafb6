#include <fmt/core.h>

#include <algorithm>

#include "harness/asked/files_question.h"
#include "harness/base/text.h"
#include "harness/collect/asked/seeker.h"
#include "harness/json/json.h"

namespace exitgate::collect::asked {

namespace rows = facts::asked;

namespace {

constexpr std::size_t kShown = 80;

std::string shown(std::string_view line) {
  return line.size() <= kShown ? fmt::format("'{}'", line)
                               : fmt::format("'{}…'", valid_utf8(line.substr(0, kShown)));
}

// The first line that differs, in words; "" when none does.
std::string difference_of(std::string_view text, std::string_view wanted) {
  if (text == wanted) return "";
  for (int number = 1;; ++number) {
    const auto line = text.substr(0, text.find('\n'));
    const auto other = wanted.substr(0, wanted.find('\n'));
    if (line != other) return fmt::format("line {} is {}, and must be {}", number, shown(line), shown(other));
    const bool ends = line.size() == text.size();
    const bool other_ends = other.size() == wanted.size();
    if (ends && other_ends) return "";
    if (ends || other_ends)
      return ends
                 ? fmt::format("it ends at line {}, without the end of that line or what must follow", number)
                 : fmt::format("it goes on behind line {}, where it must end", number);
    text.remove_prefix(line.size() + 1);
    wanted.remove_prefix(other.size() + 1);
  }
}

class FilesSeeker : public Seeker {
 public:
  FilesSeeker(const check::Parameters& with, const OtherFiles& files) : question_(with) {
    if (question_.owners) owners_ = files.code_owners(question_.owners_provider);
    if (question_.equals_text) {
      wanted_ = question_.equals_text;
    } else if (question_.equals_file) {
      const Content content(*question_.equals_file, "100644", files.read(*question_.equals_file), 0);
      if (content.bytes() != nullptr && content.unread().empty()) wanted_ = std::string(content.text());
    }
  }

  rows::RequestKind kind() const override { return rows::RequestKind::files; }
  const exitgate::asked::FileSet& files() const override { return question_.files; }
  bool asks_presence() const override { return question_.must_exist || question_.must_not_exist; }

  // Where files must not be, each name is looked at.
  Interest interest(std::string_view path, std::string_view /*mode*/) const override {
    if (!question_.files.contains(path)) return question_.must_not_exist ? Interest::name : Interest::none;
    return question_.asks_content() || question_.size_at_most ? Interest::content : Interest::name;
  }

  FileAnswer examine(Content& file) const override {
    FileAnswer answer;
    answer.examined = true;
    if (!question_.files.contains(file.path())) return answer;
    rows::Path row{.gate = "",
                   .example = false,
                   .file = std::string(file.path()),
                   .mode = std::string(file.mode()),
                   .size = file.size()};
    if (owners_) {
      if (const auto owned = owners_->of(file.path())) {
        row.owners = Json(owned->owners).dump();
        row.owners_file = fmt::format("{}:{}", owners_->file(), owned->line);
      }
    }
    // What cannot be looked at is a row all the same: the file is tracked.
    if (question_.asks_content()) {
      content(file, row, answer);
    } else if (question_.size_at_most && file.is_blob() && !row.size) {
      answer.examined = false;
      answer.problems.push_back({.gate = "", .example = false, .file = row.file, .reason = file.unread()});
    }
    answer.found = 1;
    answer.paths.push_back(std::move(row));
    return answer;
  }

  bool is_first(const rows::Path& row) const override { return !question_.violations(row).empty(); }

 private:
  // When it cannot be looked at, that is said.
  void content(const Content& file, rows::Path& row, FileAnswer& answer) const {
    if (!file.unread().empty()) {
      answer.examined = false;
      pass_over(file, question_.files.is_given(), answer);
      return;
    }
    if (question_.content) row.matches = question_.content->occurs_in(file.text());
    if (!question_.equals_file && !question_.equals_text) return;
    if (!wanted_) {
      answer.examined = false;
      answer.problems.push_back(
          {.gate = "",
           .example = false,
           .file = row.file,
           .reason = fmt::format("'{}', which it is compared with, is not a text file of the commit",
                                 *question_.equals_file)});
      return;
    }
    auto difference = difference_of(file.text(), *wanted_);
    row.equal = difference.empty();
    if (!difference.empty()) row.difference = std::move(difference);
  }

  exitgate::asked::FilesQuestion question_;
  std::optional<exitgate::asked::CodeOwners> owners_;
  std::optional<std::string> wanted_;
};

}  // namespace

std::unique_ptr<Seeker> seek_files(const check::Parameters& with, const OtherFiles& files) {
  return std::make_unique<FilesSeeker>(with, files);
}

}  // namespace exitgate::collect::asked
