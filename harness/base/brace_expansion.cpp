#include "harness/base/brace_expansion.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace exitgate {

namespace {

constexpr int kDeepest = 50;

// What was written behind a backslash, while braces are looked for.
constexpr std::pair<char, char> kEscaped[] = {
    {'\\', '\x02'}, {'{', '\x03'}, {'}', '\x04'}, {',', '\x05'}, {'.', '\x06'}};
constexpr char kClose = '\x04';

std::string escape(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto* const found = text[i] == '\\' && i + 1 < text.size()
                                  ? std::find_if(std::begin(kEscaped), std::end(kEscaped),
                                                 [&](const auto& one) { return one.first == text[i + 1]; })
                                  : std::end(kEscaped);
    if (found == std::end(kEscaped)) {
      result += text[i];
    } else {
      result += found->second;
      ++i;
    }
  }
  return result;
}

std::string unescape(std::string text) {
  for (char& c : text) {
    for (const auto& [written, kept] : kEscaped) {
      if (c == kept) c = written;
    }
  }
  return text;
}

// Of the first brace that is closed, both places.
std::optional<std::pair<std::size_t, std::size_t>> first_pair(std::string_view text) {
  for (std::size_t open = text.find('{'); open != std::string_view::npos; open = text.find('{', open + 1)) {
    std::size_t depth = 0;
    for (std::size_t i = open; i < text.size(); ++i) {
      if (text[i] == '{') ++depth;
      if (text[i] == '}' && --depth == 0) return {{open, i}};
    }
  }
  return std::nullopt;
}

// At commas that are in no brace of their own.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts(1);
  while (!text.empty()) {
    const auto pair = first_pair(text);
    for (const char c : text.substr(0, pair ? pair->first : text.size())) {
      if (c == ',') {
        parts.emplace_back();
      } else {
        parts.back() += c;
      }
    }
    if (!pair) break;
    parts.back() += text.substr(pair->first, pair->second - pair->first + 1);
    text.remove_prefix(pair->second + 1);
  }
  return parts;
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || at != end || std::abs(number) > 1'000'000'000) return std::nullopt;
  return number;
}

bool is_letter(std::string_view text) {
  return text.size() == 1 && ((text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
}

// "1..10", "a..e..2"
struct Sequence {
  std::int64_t from = 0;
  std::int64_t to = 0;
  std::int64_t step = 1;
  bool letters = false;
  std::size_t width = 0;  // that numbers are filled up to with zeros
};

std::optional<Sequence> read_sequence(std::string_view body) {
  std::vector<std::string_view> parts;
  for (std::size_t dots = body.find(".."); dots != std::string_view::npos; dots = body.find("..")) {
    parts.push_back(body.substr(0, dots));
    body.remove_prefix(dots + 2);
  }
  parts.push_back(body);
  if (parts.size() < 2 || parts.size() > 3) return std::nullopt;
  Sequence sequence;
  sequence.letters = is_letter(parts[0]) && is_letter(parts[1]);
  if (sequence.letters) {
    sequence.from = parts[0][0];
    sequence.to = parts[1][0];
  } else {
    const auto from = whole_number(parts[0]);
    const auto to = whole_number(parts[1]);
    if (!from || !to) return std::nullopt;
    sequence.from = *from;
    sequence.to = *to;
  }
  if (parts.size() == 3) {
    const auto step = whole_number(parts[2]);
    if (!step) return std::nullopt;
    sequence.step = std::max<std::int64_t>(1, std::abs(*step));
  }
  const auto is_padded = [](std::string_view part) {
    if (part.starts_with('-')) part.remove_prefix(1);
    return part.size() > 1 && part[0] == '0' && part[1] >= '0' && part[1] <= '9';
  };
  if (!sequence.letters && std::any_of(parts.begin(), parts.end(), is_padded)) {
    sequence.width = std::max(parts[0].size(), parts[1].size());
  }
  return sequence;
}

std::string padded(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  if (text.size() < width) text.insert(number < 0 ? 1 : 0, width - text.size(), '0');
  return text;
}

struct TooMany {};

class Expander {
 public:
  explicit Expander(std::size_t most) : most_(most) {}

  std::vector<std::string> expand(const std::string& text, bool top, int depth = 0) const {
    if (depth > kDeepest) throw TooMany();
    const auto pair = first_pair(text);
    if (!pair) return {text};
    const std::string before = text.substr(0, pair->first);
    const std::string body = text.substr(pair->first + 1, pair->second - pair->first - 1);
    const std::string behind = text.substr(pair->second + 1);
    const std::vector<std::string> ends =
        behind.empty() ? std::vector<std::string>{""} : expand(behind, false, depth + 1);
    if (before.ends_with('$')) return joined({before + '{' + body + '}'}, ends);
    const auto sequence = read_sequence(body);
    if (!sequence && body.find(',') == std::string::npos) {
      const std::size_t comma = behind.find(',');
      if (comma != std::string::npos && behind.find('}', comma) != std::string::npos) {
        return expand(before + '{' + body + kClose + behind, false, depth + 1);  // "{a},b}"
      }
      return {text};
    }
    std::vector<std::string> all;
    if (sequence) {
      all = values(*sequence);
    } else {
      const std::vector<std::string> parts = split(body);
      if (parts.size() == 1) {  // "{{a,b}}" is "{a}" and "{b}"
        for (const std::string& one : expand(parts[0], false, depth + 1)) all.push_back('{' + one + '}');
      } else {
        for (const std::string& part : parts) {
          for (std::string& one : expand(part, false, depth + 1)) all.push_back(std::move(one));
        }
      }
    }
    for (std::string& one : all) one.insert(0, before);
    std::vector<std::string> whole = joined(all, ends);
    if (top && !sequence) std::erase(whole, "");
    return whole;
  }

 private:
  std::vector<std::string> joined(const std::vector<std::string>& begins,
                                  const std::vector<std::string>& ends) const {
    if (begins.size() * ends.size() > most_) throw TooMany();
    std::vector<std::string> all;
    for (const std::string& begin : begins) {
      for (const std::string& end : ends) all.push_back(begin + end);
    }
    return all;
  }

  std::vector<std::string> values(const Sequence& sequence) const {
    const std::int64_t span = std::abs(sequence.to - sequence.from) / sequence.step;
    if (static_cast<std::size_t>(span) >= most_) throw TooMany();
    std::vector<std::string> all;
    for (std::int64_t i = 0; i <= span; ++i) {
      const std::int64_t value = sequence.from + (sequence.to < sequence.from ? -i : i) * sequence.step;
      if (!sequence.letters) {
        all.push_back(padded(value, sequence.width));
      } else {
        all.push_back(value == '\\' ? std::string() : std::string(1, static_cast<char>(value)));
      }
    }
    return all;
  }

  std::size_t most_;
};

}  // namespace

std::optional<std::vector<std::string>> expand_braces(std::string_view pattern, std::size_t most) {
  // Without a brace that is closed, backslashes stay for who reads the pattern further.
  const std::size_t open = pattern.find('{');
  if (open == std::string_view::npos || pattern.find('}', open) == std::string_view::npos) {
    return std::vector<std::string>{std::string(pattern)};
  }
  std::string text(pattern);
  if (text.starts_with("{}")) text = "\\{\\}" + text.substr(2);
  try {
    std::vector<std::string> all = Expander(most).expand(escape(text), true);
    for (std::string& one : all) one = unescape(std::move(one));
    return all;
  } catch (const TooMany&) {
    return std::nullopt;
  }
}

}  // namespace exitgate
