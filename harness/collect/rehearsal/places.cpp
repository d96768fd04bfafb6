#include "harness/collect/rehearsal/places.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "harness/base/text.h"

namespace exitgate::collect::rehearsal {

namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

// Its words in lower case, and their parts: "add_column", "add" and "column"; "addColumn" likewise.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  const auto end_word = [&] {
    if (word.empty()) return;
    words.push_back(lower(word));
    std::vector<std::string> parts(1);
    for (std::size_t at = 0; at < word.size(); ++at) {
      const bool hump = at > 0 && is_upper(word[at]) && !is_upper(word[at - 1]);
      if (word[at] == '_' || hump) parts.emplace_back();
      if (word[at] != '_') parts.back() += word[at];
    }
    if (parts.size() > 1) {
      for (const auto& part : parts) {
        if (!part.empty()) words.push_back(lower(part));
      }
    }
    word.clear();
  };
  for (const char c : text) {
    if (is_word(c)) {
      word += c;
    } else {
      end_word();
    }
  }
  end_word();
  return words;
}

// Each run of white space as one blank, with the line that each character is on.
struct Flat {
  std::string text;
  std::vector<int> lines;
};

Flat flat(std::string_view text) {
  Flat result;
  int line = 1;
  bool blank = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!space) {
      if (blank && !result.text.empty()) {
        result.text += ' ';
        result.lines.push_back(line);
      }
      result.text += c;
      result.lines.push_back(line);
    }
    blank = space;
    if (c == '\n') ++line;
  }
  return result;
}

std::string bare(std::string_view statement) {
  std::string text = flat(statement).text;
  while (text.ends_with(';') || text.ends_with(' ')) text.pop_back();
  return text;
}

// The part behind the last dot, without quotes.
std::string last_name(std::string_view qualified) {
  std::string name(qualified.substr(qualified.rfind('.') + 1));
  std::erase(name, '"');
  return lower(name);
}

// One revision's file, as statements are looked for in it.
class File {
 public:
  File(const Revision& revision, Direction direction) : flat_(flat(revision.text)) {
    const auto lines = split(revision.text, '\n');
    lines_.reserve(lines.size());
    for (const auto& text : lines) {
      const std::size_t indent = text.find_first_not_of(" \t");
      const auto words = words_of(text);
      lines_.push_back({indent == std::string::npos ? 0 : indent, {words.begin(), words.end()}});
      for (const auto& word : lines_.back().words) ++occurrences_[word];
    }
    const int turn = way_down();
    begin_ = direction == Direction::down ? turn : 1;
    end_ = direction == Direction::down || turn == 1 ? static_cast<int>(lines_.size()) + 1 : turn;
  }

  int begin() const { return begin_; }

  // The first place at or behind `from` where the statement stands word for word, else any; 0 for none.
  int line_of_text(const std::string& statement, int from) const {
    if (statement.size() < kShortest) return 0;
    int first = 0;
    for (std::size_t at = flat_.text.find(statement); at != std::string::npos;
         at = flat_.text.find(statement, at + 1)) {
      const int line = flat_.lines[at];
      if (line >= from) return line;
      if (first == 0) first = line;
    }
    return first;
  }

  // The line of the direction's part that has most of the statement's words, the rare ones before all; 0 when it has none.
  int line_of_words(const std::string& statement, int from) const {
    std::map<std::string, double> weights;
    for (const auto& word : words_of(statement)) {
      const auto found = occurrences_.find(word);
      if (word.size() >= 3 && found != occurrences_.end())
        weights[word] = (is_of_any_statement(word) ? kFaint : 1.0) / found->second;
    }
    double best = 0;
    int found = 0;
    for (int number = begin_; number < end_; ++number) {
      double sum = weight_from(static_cast<std::size_t>(number - 1), weights);
      if (number >= from) sum *= 2;  // statements mostly come in the order of the file
      if (sum < kLeast || sum <= best + kAlike) continue;
      best = sum;
      found = number;
    }
    return found;
  }

 private:
  static constexpr std::size_t kShortest = 6;
  static constexpr std::size_t kTogether = 8;
  static constexpr double kAlike = 1e-9;
  static constexpr double kFaint = 1e-4;  // of a word that says nothing about which table it is
  static constexpr double kLeast = 2e-3;  // no faint words alone

  static bool is_of_any_statement(const std::string& word) {
    static const std::set<std::string> kWords = {
        "add",  "alter", "column", "constraint", "create", "default", "delete", "drop",  "from",  "index",
        "into", "key",   "not",    "null",       "on",     "public",  "set",    "table", "type",  "update",
        "view", "where", "exists", "insert",     "values", "select",  "unique", "using", "rename"};
    return kWords.contains(word);
  }

  struct Line {
    std::size_t indent;
    std::set<std::string> words;
  };

  // Of a line and what is indented below it: op.add_column(, the table, the column.
  double weight_from(std::size_t line, const std::map<std::string, double>& weights) const {
    std::set<std::string> counted;
    double sum = 0;
    for (std::size_t at = line; at < std::min(line + kTogether, lines_.size()); ++at) {
      if (at > line && lines_[at].indent <= lines_[line].indent) break;
      for (const auto& word : lines_[at].words) {
        const auto found = weights.find(word);
        if (found != weights.end() && counted.insert(word).second) sum += found->second;
      }
      if (at == line && sum == 0) return 0;
    }
    return sum;
  }

  // Where the way down begins: the first line that has a word for it; 1 for none.
  int way_down() const {
    static const std::set<std::string> kWords = {"down", "downgrade", "backwards", "undo", "revert"};
    for (std::size_t line = 0; line < lines_.size(); ++line) {
      for (const auto& word : lines_[line].words) {
        if (kWords.contains(word)) return static_cast<int>(line) + 1;
      }
    }
    return 1;
  }

  Flat flat_;
  std::vector<Line> lines_;
  std::map<std::string, int> occurrences_;  // in how many lines a word stands
  int begin_ = 1;                           // of the direction's part
  int end_ = 1;
};

class Locator {
 public:
  Locator(const std::vector<Given>& statements, const std::vector<Revision>& revisions, Direction direction)
      : statements_(statements), revisions_(revisions), places_(statements.size()) {
    files_.reserve(revisions.size());
    for (const auto& revision : revisions) {
      files_.emplace_back(revision, direction);
      if (!revision.version_table.empty()) tables_.insert(last_name(revision.version_table));
    }
    for (const auto& statement : statements) find_version_table(statement);
  }

  std::vector<Place> locate() {
    by_text();
    by_version_table();
    if (revisions_.size() == 1) {
      for (auto& place : places_) {
        if (!place.own) place.revision = 0;
      }
    }
    lines();
    return std::move(places_);
  }

 private:
  // A statement that one file alone holds word for word.
  void by_text() {
    for (std::size_t at = 0; at < statements_.size(); ++at) {
      const std::string text = bare(statements_[at].text);
      std::vector<std::size_t> found;
      for (std::size_t one = 0; one < files_.size(); ++one) {
        if (files_[one].line_of_text(text, 1) > 0) found.push_back(one);
      }
      if (found.size() == 1) places_[at].revision = found.front();
    }
  }

  // A table that gets a row with the name of a revision keeps the history, whatever tool it is of.
  void find_version_table(const Given& statement) {
    const auto words = words_of(statement.text);
    if (words.size() < 3 || words[0] != "insert" || words[1] != "into") return;
    const bool named = std::any_of(revisions_.begin(), revisions_.end(), [&](const auto& revision) {
      return how_surely_named(statement, revision) >= kByName;
    });
    if (!named) return;
    const std::size_t begin = lower(statement.text).find("into") + 4;
    const std::size_t end = statement.text.find_first_of("(;", begin);
    std::string table(trim(std::string_view(statement.text).substr(begin, end - begin)));
    table.resize(std::min(table.size(), table.find_first_of(" \t\n")));
    if (!table.empty()) tables_.insert(last_name(table));
  }

  // The revision for which a statement writes a row into the tool's table.
  std::optional<std::size_t> marked(std::size_t at) {
    const auto words = words_of(statements_[at].text);
    const bool about_table =
        std::any_of(words.begin(), words.end(), [&](const auto& word) { return tables_.contains(word); });
    if (!about_table) return std::nullopt;
    places_[at].own = true;
    places_[at].revision.reset();
    const bool writes = std::any_of(words.begin(), words.end(), [](const auto& word) {
      return word == "insert" || word == "update" || word == "delete" || word == "copy";
    });
    if (!writes) return std::nullopt;
    // A short version ("5") may be another number of the row: what says more goes first, and then the order.
    std::optional<std::size_t> best;
    std::pair<int, bool> most{0, false};
    for (std::size_t one = 0; one < revisions_.size(); ++one) {
      const std::pair<int, bool> sure{how_surely_named(statements_[at], revisions_[one]),
                                      !marked_.contains(one)};
      if (sure.first == 0 || sure <= most) continue;
      most = sure;
      best = one;
    }
    if (best) marked_.insert(*best);
    return best;
  }

  static constexpr int kByName = 3;
  static constexpr std::size_t kLongName = 4;

  // 0: not at all; from kByName on it can be nothing else.
  static int how_surely_named(const Given& statement, const Revision& revision) {
    const std::string file = revision.file.substr(revision.file.rfind('/') + 1);
    if (has_value(statement, file)) return kByName + 1;
    for (const auto* const name : {&revision.id, &revision.version}) {
      if (name->size() >= kLongName && has_value(statement, *name)) return kByName;
    }
    // Django keeps the application apart: 'orders', '0002_note'.
    const auto parts = split(revision.id, '.');
    const bool all = parts.size() > 1 && std::all_of(parts.begin(), parts.end(), [&](const auto& part) {
                       return has_value(statement, part);
                     });
    if (all) return 2;
    return has_value(statement, revision.version) || has_value(statement, revision.id) ? 1 : 0;
  }

  static bool has_value(const Given& statement, const std::string& value) {
    if (stands_in(statement.text, value)) return true;
    return std::any_of(statement.parameters.begin(), statement.parameters.end(),
                       [&](const auto& parameter) { return stands_in(parameter, value); });
  }

  static bool stands_in(const std::string& text, const std::string& value) {
    if (value.empty()) return false;
    for (std::size_t at = text.find(value); at != std::string::npos; at = text.find(value, at + 1)) {
      const std::size_t end = at + value.size();
      if ((at == 0 || !is_word(text[at - 1])) && (end == text.size() || !is_word(text[end]))) return true;
    }
    return false;
  }

  void by_version_table() {
    std::vector<std::size_t> open;       // statements that no row was written for yet
    std::optional<std::size_t> current;  // whose row was written before its statements
    for (std::size_t at = 0; at < statements_.size(); ++at) {
      const auto mark = marked(at);
      if (mark) {
        for (const std::size_t one : open) {
          if (!places_[one].revision) places_[one].revision = current && current != mark ? current : mark;
        }
        // Nothing stood before it: what follows is what it is about.
        current = open.empty() ? mark : std::nullopt;
        open.clear();
      } else if (!places_[at].own) {
        open.push_back(at);
      }
    }
    for (const std::size_t one : open) {
      if (!places_[one].revision) places_[one].revision = current;
    }
  }

  void lines() {
    std::vector<int> reached;
    for (const auto& file : files_) reached.push_back(file.begin());
    for (std::size_t at = 0; at < statements_.size(); ++at) {
      auto& place = places_[at];
      if (!place.revision) continue;
      const auto& file = files_[*place.revision];
      int& from = reached[*place.revision];
      place.line = file.line_of_text(bare(statements_[at].text), from);
      if (place.line == 0) place.line = file.line_of_words(statements_[at].text, from);
      from = std::max(from, place.line);
    }
  }

  const std::vector<Given>& statements_;
  const std::vector<Revision>& revisions_;
  std::vector<Place> places_;
  std::vector<File> files_;
  std::set<std::string> tables_;  // of the tools, without schemas
  std::set<std::size_t> marked_ = {};
};

}  // namespace

std::vector<Place> places_of(const std::vector<Given>& statements, const std::vector<Revision>& revisions,
                             Direction direction) {
  return Locator(statements, revisions, direction).locate();
}

}  // namespace exitgate::collect::rehearsal
