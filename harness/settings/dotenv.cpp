#include "harness/settings/dotenv.h"

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::settings {

namespace {

constexpr std::string_view kBlanks = " \t\f\v";
constexpr std::string_view kSpace = " \t\f\v\r\n";
constexpr std::string_view kLineEnds = "\r\n";

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) text_.remove_prefix(3);
  }

  std::vector<DotenvEntry> parse() {
    while (true) {
      skip(kSpace);
      if (at_ >= text_.size()) return std::move(found_);
      DotenvEntry entry;
      count_lines();
      entry.line = line_;
      const bool named = peek() != '#';
      if (read_entry(entry, named)) {
        if (named) found_.push_back(std::move(entry));
      } else {
        skip_until(kLineEnds);
      }
    }
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\n'; }
  void skip(std::string_view characters) {
    at_ = std::min(text_.find_first_not_of(characters, at_), text_.size());
  }
  void skip_until(std::string_view characters) {
    at_ = std::min(text_.find_first_of(characters, at_), text_.size());
  }

  void count_lines() {
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(counted_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
    counted_ = at_;
  }

  // Also of a comment alone, which has no name. False for what is not an entry.
  bool read_entry(DotenvEntry& entry, bool named) {
    if (named && !read_name(entry.name)) return false;
    skip(kBlanks);
    if (named && peek() == '=') {
      ++at_;
      skip(kBlanks);
      entry.value.emplace();
      if (!read_value(*entry.value)) return false;
    }
    skip(kBlanks);
    if (peek() == '#') skip_until(kLineEnds);
    return at_ >= text_.size() || kLineEnds.find(text_[at_]) != std::string_view::npos;
  }

  bool read_name(std::string& name) {
    constexpr std::string_view kExport = "export";
    if (text_.substr(at_).starts_with(kExport) && at_ + kExport.size() < text_.size() &&
        kBlanks.find(text_[at_ + kExport.size()]) != std::string_view::npos) {
      at_ += kExport.size();
      skip(kBlanks);
    }
    if (peek() == '\'') return read_quoted(name);
    const std::size_t start = at_;
    skip_until("=# \t\f\v\r\n");
    name = text_.substr(start, at_ - start);
    return !name.empty();
  }

  bool read_value(std::string& value) {
    if (peek() == '\'' || peek() == '"') return read_quoted(value);
    const std::size_t start = at_;
    skip_until(kLineEnds);
    std::string_view whole = text_.substr(start, at_ - start);
    for (std::size_t mark = whole.find('#'); mark != std::string_view::npos;
         mark = whole.find('#', mark + 1)) {
      if (mark == 0 || kBlanks.find(whole[mark - 1]) == std::string_view::npos) continue;
      whole = whole.substr(0, mark);
      break;
    }
    value = trim(whole);
    return true;
  }

  bool read_quoted(std::string& value) {
    const char quote = peek();
    for (std::size_t end = at_ + 1; end < text_.size(); ++end) {
      if (text_[end] == '\\' && end + 1 < text_.size() && text_[end + 1] == quote) {
        ++end;
      } else if (text_[end] == quote) {
        value = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return true;
      }
    }
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t counted_ = 0;  // up to where lines are counted
  int line_ = 1;
  std::vector<DotenvEntry> found_;
};

}  // namespace

std::vector<DotenvEntry> parse_dotenv(std::string_view text) {
  return Parser(text).parse();
}

}  // namespace exitgate::settings
