#include "harness/collect/ci/gitlab/document.h"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr yaml::Limits kLimits{
    .bytes = 1U << 20, .duplicate_keys = true, .lenient = true, .word_anchors = true, .list_tag = kReference};

// A part of the text between two lines `---`, behind as many empty lines as stand before it.
struct Part {
  std::size_t begin = 0;
  std::size_t end = 0;
};

bool at_marker(std::string_view line) {
  return line.starts_with("---") &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

// The first line with content; "" for none.
std::string_view first_content(std::string_view text) {
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    if (!trim(line).empty() && !trim(line).starts_with('#') && !at_marker(line) && !line.starts_with('%'))
      return line;
    begin = end + 1;
  }
  return {};
}

std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts = {{0, text.size()}};
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (at_marker(text.substr(begin, end - begin))) {
      parts.back().end = begin;
      parts.push_back({begin, text.size()});
    }
    begin = end + 1;
  }
  std::erase_if(parts, [&](const Part& part) {
    return first_content(text.substr(part.begin, part.end - part.begin)).empty() &&
           trim(text.substr(part.begin, part.end - part.begin)).size() <= 3;
  });
  return parts;
}

std::string padded(std::string_view text, const Part& part) {
  std::string padded(static_cast<std::size_t>(std::count(
                         text.begin(), text.begin() + static_cast<std::ptrdiff_t>(part.begin), '\n')),
                     '\n');
  return padded += text.substr(part.begin, part.end - part.begin);
}

class Entries {
 public:
  explicit Entries(std::size_t size) { entries_.reserve(size); }

  // Of a key that is given twice the last value counts.
  void set(const yaml::Entry& entry) {
    const auto [known, is_new] = at_.try_emplace(entry.key.text, entries_.size());
    if (is_new) {
      entries_.push_back(entry);
    } else {
      entries_[known->second] = entry;
    }
  }
  std::vector<yaml::Entry> take() { return std::move(entries_); }

 private:
  std::unordered_map<std::string, std::size_t> at_;
  std::vector<yaml::Entry> entries_;
};

// Psych goes through a mapping in order: what `<<` brings replaces what stands before it, and every `<<` counts.
void as_psych(yaml::Node& node) {
  if (is_date(node))
    throw yaml::Problem("a date without quotes, which GitLab refuses", node.line, node.column);
  for (auto& item : node.items) as_psych(item);
  bool plain = true;
  std::unordered_map<std::string_view, bool> seen;
  for (auto& entry : node.entries) {
    as_psych(entry.key);
    as_psych(entry.value);
    plain = plain && entry.key.text != "<<" && seen.try_emplace(entry.key.text, true).second;
  }
  if (plain) return;
  Entries entries(node.entries.size());
  for (const auto& entry : node.entries) {
    if (entry.key.text == "<<" && entry.value.is_mapping()) {
      for (const auto& merged : entry.value.entries) entries.set(merged);
    } else if (entry.key.text == "<<" && entry.value.is_sequence()) {
      // Of a list the first counts most.
      for (auto item = entry.value.items.rbegin(); item != entry.value.items.rend(); ++item) {
        for (const auto& merged : item->entries) entries.set(merged);
      }
    } else {
      entries.set(entry);
    }
  }
  node.index.clear();
  node.entries = entries.take();
}

yaml::Node read_part(std::string_view text, const Part& part) {
  yaml::Node node = yaml::parse(padded(text, part), kLimits);
  as_psych(node);
  return node;
}

}  // namespace

Document read_document(std::string_view text) {
  const std::vector<Part> parts = parts_of(text);
  Document document;
  if (parts.empty()) return document;
  const auto& first = parts.front();
  const bool has_header =
      parts.size() > 1 &&
      first_content(text.substr(first.begin, first.end - first.begin)).starts_with("spec:");
  if (has_header) {
    document.header = read_part(text, first);
    document.body = read_part(text, parts[1]);
  } else {
    // What a second document says is not looked at.
    document.body = read_part(text, first);
  }
  return document;
}

}  // namespace exitgate::collect::ci::gitlab
