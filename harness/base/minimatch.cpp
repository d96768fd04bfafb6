#include "harness/base/minimatch.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <optional>
#include <utility>

#include "harness/base/brace_expansion.h"

namespace exitgate {

namespace {

constexpr std::size_t kLongest = 2'000;
constexpr std::size_t kMostAlternatives = 500;
constexpr std::size_t kMostStates = 20'000;
constexpr std::size_t kDeepest = 20;

// Stands for what is not known.
constexpr char16_t kUnknown = 1;

// As JavaScript counts characters; a byte that is not UTF-8 is one.
std::u16string units_of(std::string_view text) {
  std::u16string units;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    constexpr unsigned kBits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    std::uint32_t point = length == 1 ? lead : lead & kBits[length];
    for (std::size_t j = 1; j < length && i + j < text.size(); ++j) {
      point = point << 6U | (static_cast<unsigned char>(text[i + j]) & 0x3FU);
    }
    if (point < 0x10000) {
      units += static_cast<char16_t>(point);
    } else {
      units += static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10U));
      units += static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FFU));
    }
    i += length;
  }
  return units;
}

std::string without_expressions(std::string_view pattern) {
  std::string text;
  while (true) {
    const std::size_t open = pattern.find("${{");
    const std::size_t close = open == std::string_view::npos ? open : pattern.find("}}", open);
    text += pattern.substr(0, close == std::string_view::npos ? close : open);
    if (close == std::string_view::npos) return text;
    text += static_cast<char>(kUnknown);
    pattern.remove_prefix(close + 2);
  }
}

std::vector<std::u16string> segments(const std::u16string& text) {
  std::vector<std::u16string> parts(1);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != u'/') {
      parts.back() += text[i];
    } else if (i == 0 || text[i - 1] != u'/') {
      parts.emplace_back();
    }
  }
  return parts;
}

bool is_group(std::u16string_view text, std::size_t at) {
  return at + 1 < text.size() && text[at + 1] == u'(' &&
         std::u16string_view(u"!?+*@").find(text[at]) != text.npos;
}

// Goes over a `[…]`, which may hold what closes a group elsewhere; one that is never closed takes all that is left.
std::size_t behind_class(std::u16string_view text, std::size_t at) {
  const std::size_t begin = at + 1;
  const bool negated = begin < text.size() && (text[begin] == u'^' || text[begin] == u'!');
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (text[i] == u'\\') {
      ++i;
    } else if (text[i] == u']' && i != begin && !(negated && i == begin + 1)) {
      return i + 1;
    }
  }
  return text.size();
}

// The bars and the ')' of a group whose '(' is at `open`; nullopt where it is never closed.
std::optional<std::vector<std::size_t>> group_ends(std::u16string_view text, std::size_t open,
                                                   std::size_t depth) {
  if (depth > kDeepest) return std::nullopt;
  std::vector<std::size_t> ends;
  for (std::size_t i = open + 1; i < text.size();) {
    if (text[i] == u'\\') {
      i += 2;
    } else if (text[i] == u'[') {
      i = behind_class(text, i);
    } else if (is_group(text, i)) {
      const auto nested = group_ends(text, i + 1, depth + 1);
      if (!nested) return std::nullopt;
      i = nested->back() + 1;
    } else {
      if (text[i] == u'|' || text[i] == u')') ends.push_back(i);
      if (text[i] == u')') return ends;
      ++i;
    }
  }
  return std::nullopt;
}

}  // namespace

// Builds the states of a pattern.
class MinimatchPattern::Reader {
 public:
  explicit Reader(MinimatchPattern& into) : into_(into) {}

  // One of the patterns that braces stand for.
  void add(const std::u16string& pattern) {
    std::vector<std::u16string> parts = segments(pattern);
    if (std::find(parts.begin(), parts.end(), u"..") != parts.end()) {
      give_up();
      return;
    }
    // A name has no folders, and `**/` may stand for none.
    while (parts.size() > 1 && parts.front() == u"**") parts.erase(parts.begin());
    if (parts.size() == 1) link(sequence(parts[0], 0, true, 0), 1);
  }

 private:
  std::size_t state() {
    if (into_.states_.size() >= kMostStates) give_up();
    into_.states_.emplace_back();
    return into_.states_.size() - 1;
  }
  void link(std::size_t from, std::size_t to, Edge::Kind kind = Edge::empty, char16_t what = 0) {
    into_.states_[from].push_back({kind, what, to});
  }
  std::size_t step(std::size_t from, Edge::Kind kind, char16_t what = 0) {
    const std::size_t to = state();
    link(from, to, kind, what);
    return to;
  }
  // Any text.
  std::size_t run(std::size_t from) {
    const std::size_t to = step(from, Edge::empty);
    link(to, to, Edge::any);
    return to;
  }
  void give_up() {
    into_.all_ = true;
    into_.exact_ = false;
  }

  // The state behind the text. `begins`: nothing stands before it, so that it takes no leading dot by a sign.
  std::size_t sequence(std::u16string_view text, std::size_t at, bool begins, std::size_t depth) {
    bool groups = true;  // none is known as such behind a '[' that is not closed
    for (std::size_t i = 0; i < text.size();) {
      if (into_.all_) return at;
      const bool first = begins && i == 0;
      if (groups && is_group(text, i)) {
        if (const auto ends = group_ends(text, i + 1, depth)) {
          at = group(text, i, *ends, at, first, depth);
          i = ends->back() + 1;
          continue;
        }
        groups = false;
      }
      const char16_t c = text[i];
      if (c == u'\\' && i + 1 < text.size()) {
        at = step(at, Edge::unit, text[i + 1]);
        i += 2;
      } else if (c == u'[') {
        if (behind_class(text, i) == text.size() && !text.ends_with(u']')) groups = false;
        i = read_class(text, i, at, first);
      } else {
        if (first && (c == u'*' || c == u'?')) at = step(at, Edge::unless_dot);
        if (c == u'*') {
          at = run(at);
        } else if (c == u'?') {
          at = step(at, Edge::any);
        } else if (c == kUnknown) {
          into_.exact_ = false;
          at = run(at);
        } else {
          at = step(at, Edge::unit, c);
        }
        ++i;
      }
    }
    return at;
  }

  // @(a|b), ?(a|b), +(a|b), *(a|b), !(a|b)
  std::size_t group(std::u16string_view text, std::size_t sign, const std::vector<std::size_t>& ends,
                    std::size_t at, bool first, std::size_t depth) {
    const char16_t kind = text[sign];
    if (kind == u'!' || depth > kDeepest || ends.back() == sign + 2) {
      into_.exact_ = false;
      return run(first ? step(at, Edge::unless_dot) : at);
    }
    const std::size_t behind = state();
    const auto alternatives = [&](std::size_t from, bool begins) {
      std::size_t begin = sign + 2;
      for (const std::size_t end : ends) {
        link(sequence(text.substr(begin, end - begin), step(from, Edge::empty), begins, depth + 1), behind);
        begin = end + 1;
      }
    };
    alternatives(at, first);
    if (kind == u'?' || kind == u'*') link(at, behind);
    if (kind == u'+' || kind == u'*') alternatives(behind, false);
    return step(behind, Edge::empty);
  }

  // A `[…]`, or a '[' that begins none; the place behind it.
  std::size_t read_class(std::u16string_view text, std::size_t open, std::size_t& at, bool first) {
    Set set;
    bool in_range = false;  // its end is not read yet
    char16_t low = 0;
    std::size_t i = open + 1;
    bool any = false;
    bool closed = false;
    for (; i < text.size(); ++i) {
      char16_t c = text[i];
      if (i == open + 1 && (c == u'!' || c == u'^')) {
        set.negated = true;
        continue;
      }
      if (c == u']' && any) {
        closed = true;
        break;
      }
      if (c == kUnknown) {
        give_up();
        return text.size();
      }
      any = true;
      if (text.substr(i).starts_with(u"[:") && text.find(u":]", i) != text.npos) {
        give_up();  // of letters in all scripts: nobody asks for artifacts so
        return text.size();
      }
      if (c == u'\\') {
        if (++i >= text.size()) break;
        c = text[i];
      }
      if (in_range) {
        if (low <= c) set.ranges.push_back({low, c});
        in_range = false;
      } else if (text.substr(i + 1).starts_with(u"-]")) {
        set.ranges.push_back({c, c});
        set.ranges.push_back({u'-', u'-'});
        ++i;
      } else if (text.substr(i + 1).starts_with(u"-")) {
        in_range = true;
        low = c;
        ++i;
      } else {
        set.ranges.push_back({c, c});
      }
    }
    if (!closed) {
      at = step(at, Edge::unit, u'[');
      return open + 1;
    }
    // A single character in brackets is that character, a dot too; nothing in them matches nothing, the rest with it.
    if (set.ranges.empty()) {
      at = state();
      return text.size();
    }
    const bool literal = !set.negated && set.ranges.size() == 1 && set.ranges[0].first == set.ranges[0].last;
    if (literal) {
      at = step(at, Edge::unit, set.ranges[0].first);
    } else {
      if (first) at = step(at, Edge::unless_dot);
      into_.sets_.push_back(std::move(set));
      at = step(at, Edge::set, static_cast<char16_t>(into_.sets_.size() - 1));
    }
    return i + 1;
  }

  MinimatchPattern& into_;
};

MinimatchPattern::MinimatchPattern(std::string_view pattern) : states_(2) {
  std::string text = without_expressions(pattern);
  if (text.size() > kLongest) {
    all_ = true;
    exact_ = false;
    return;
  }
  if (text.starts_with('#')) return;  // a comment
  const std::size_t signs = std::min(text.find_first_not_of('!'), text.size());
  negated_ = signs % 2 == 1;
  text.erase(0, signs);
  const auto alternatives = expand_braces(text, kMostAlternatives);
  if (!alternatives) {
    all_ = true;
    exact_ = false;
    return;
  }
  Reader reader(*this);
  for (const std::string& one : *alternatives) {
    if (all_) break;
    reader.add(units_of(one));
  }
}

bool MinimatchPattern::takes(const Edge& edge, char16_t unit) const {
  switch (edge.kind) {
    case Edge::unit:
      return edge.from == unit;
    case Edge::any:
      return unit != u'/';
    case Edge::set: {
      const Set& set = sets_[edge.from];
      const bool in = std::any_of(set.ranges.begin(), set.ranges.end(), [&](const Range& range) {
        return range.first <= unit && unit <= range.last;
      });
      return in != set.negated;
    }
    default:
      return false;
  }
}

bool MinimatchPattern::can_reach_end(std::u16string_view glob) const {
  const bool dot_first = glob.starts_with(u'.');
  const std::size_t width = glob.size() + 1;
  std::vector<bool> seen(states_.size() * width);
  std::deque<std::pair<std::size_t, std::size_t>> open;
  const auto visit = [&](std::size_t state, std::size_t at) {
    if (seen[state * width + at]) return;
    seen[state * width + at] = true;
    open.emplace_back(state, at);
  };
  visit(0, 0);
  while (!open.empty()) {
    const auto [state, at] = open.front();
    open.pop_front();
    if (state == 1 && at == glob.size()) return true;
    const bool star = at < glob.size() && glob[at] == u'*';
    if (star) visit(state, at + 1);
    for (const Edge& edge : states_[state]) {
      if (edge.kind == Edge::empty || (edge.kind == Edge::unless_dot && !dot_first)) {
        visit(edge.to, at);
      } else if (edge.kind != Edge::unless_dot && star) {
        visit(edge.to, at);
      } else if (at < glob.size() && takes(edge, glob[at])) {
        visit(edge.to, at + 1);
      }
    }
  }
  return false;
}

bool MinimatchPattern::can_match(std::string_view glob) const {
  if (all_) return true;
  const bool reached = can_reach_end(units_of(glob));
  if (!negated_) return reached;
  // Of all that fits a glob, hardly ever everything matches.
  return !exact_ || glob.find('*') != std::string_view::npos || !reached;
}

}  // namespace exitgate
