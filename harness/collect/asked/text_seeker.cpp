#include <fmt/core.h>

#include "harness/asked/answer.h"
#include "harness/asked/text_question.h"
#include "harness/collect/asked/context.h"
#include "harness/collect/asked/seeker.h"
#include "harness/json/json.h"
#include "harness/syntax/language.h"

namespace exitgate::collect::asked {

namespace rows = facts::asked;

namespace {

class TextSeeker : public Seeker {
 public:
  explicit TextSeeker(const check::Parameters& with) : question_(with) {}

  rows::RequestKind kind() const override { return rows::RequestKind::text; }
  const exitgate::asked::FileSet& files() const override { return question_.files; }

  Interest interest(std::string_view path, std::string_view /*mode*/) const override {
    return question_.files.contains(path) ? Interest::content : Interest::none;
  }

  FileAnswer examine(Content& file) const override {
    FileAnswer answer;
    if (!file.unread().empty()) {
      pass_over(file, question_.files.is_given(), answer);
      return answer;
    }
    answer.examined = true;
    bool undecided = false;
    const auto text = file.text();
    exitgate::asked::Span span;
    for (std::size_t at = 0; at <= text.size() && question_.pattern.find(text, at, span);) {
      at = span.end > span.start ? span.end : span.end + 1;
      auto context = std::optional<rows::MatchContext>();
      if (!question_.in.empty()) {
        context = context_of(file, span, answer, undecided);
        if (!context || question_.in.count(std::string(to_text(*context))) == 0) continue;
      }
      if (static_cast<std::size_t>(++answer.found) > exitgate::asked::kMostRows) continue;
      answer.matches.push_back(match(file, span, context));
    }
    if (question_.limits.per_file || question_.limits.at_least) {
      answer.paths.push_back(occurrence_row(file, answer.found > 0));
    }
    return answer;
  }

  bool is_first(const rows::Path& row) const override { return row.matches == false; }

 private:
  rows::Match match(Content& file, const exitgate::asked::Span& span,
                    std::optional<rows::MatchContext> context) const {
    const auto text = file.text();
    const auto whole = text.substr(span.start, span.end - span.start);
    return {.gate = "",
            .example = false,
            .file = std::string(file.path()),
            .line = file.line_of(span.start),
            .position = file.position_of(span.start),
            .text = std::string(whole.substr(0, whole.find('\n'))),
            .context = context,
            .captures = question_.pattern.captures(text, span.start).dump()};
  }

  // Of the first place that cannot be told, a problem.
  static std::optional<rows::MatchContext> context_of(Content& file, const exitgate::asked::Span& span,
                                                      FileAnswer& answer, bool& undecided) {
    const auto problem = [&](std::string reason) {
      if (std::exchange(undecided, true)) return;
      answer.problems.push_back({.gate = "",
                                 .example = false,
                                 .file = std::string(file.path()),
                                 .line = file.line_of(span.start),
                                 .reason = std::move(reason)});
    };
    const auto* language = syntax::language_of_file(file.path());
    if (language == nullptr) {
      problem("the pattern matches here, and no grammar knows whether this is code, a comment or a string");
      return std::nullopt;
    }
    const auto* tree = file.tree(*language);
    if (tree == nullptr) {
      problem(fmt::format("the pattern matches here, and the file cannot be parsed as {}", language->name));
      return std::nullopt;
    }
    auto context = context_at(tree, span.start, span.end);
    if (!context) {
      problem(fmt::format("the pattern matches here, and the text does not parse as {}", language->name));
    }
    return context;
  }

  exitgate::asked::TextQuestion question_;
};

}  // namespace

std::unique_ptr<Seeker> seek_text(const check::Parameters& with) {
  return std::make_unique<TextSeeker>(with);
}

}  // namespace exitgate::collect::asked
