#include <fmt/core.h>
#include <tree_sitter/api.h>

#include "harness/asked/answer.h"
#include "harness/asked/syntax_question.h"
#include "harness/base/text.h"
#include "harness/collect/asked/seeker.h"
#include "harness/json/json.h"

namespace exitgate::collect::asked {

namespace rows = facts::asked;

namespace {

constexpr std::size_t kCaptureLimit = 200;

// The first node that is not as the grammar knows the language, or is missing.
TSNode first_error(TSNode root) {
  TSNode node = root;
  for (bool deeper = true; deeper;) {
    if (std::string_view(ts_node_type(node)) == "ERROR" || ts_node_is_missing(node)) return node;
    deeper = false;
    for (std::uint32_t i = 0; i < ts_node_child_count(node); ++i) {
      const TSNode child = ts_node_child(node, i);
      if (!ts_node_has_error(child) && !ts_node_is_missing(child)) continue;
      node = child;
      deeper = true;
      break;
    }
  }
  return node;
}

class SyntaxSeeker : public Seeker {
 public:
  explicit SyntaxSeeker(const check::Parameters& with) : question_(with) {}

  rows::RequestKind kind() const override { return rows::RequestKind::syntax; }
  const exitgate::asked::FileSet& files() const override { return question_.files; }

  Interest interest(std::string_view path, std::string_view /*mode*/) const override {
    return question_.files.contains(path) ? Interest::content : Interest::none;
  }

  FileAnswer examine(Content& file) const override {
    FileAnswer answer;
    const auto problem = [&](std::optional<std::int64_t> line, std::string reason) {
      answer.problems.push_back({.gate = "",
                                 .example = false,
                                 .file = std::string(file.path()),
                                 .line = line,
                                 .reason = std::move(reason)});
    };
    if (!file.unread().empty()) {
      pass_over(file, true, answer);
      return answer;
    }
    const auto* tree = file.tree(*question_.language);
    if (tree == nullptr) {
      problem(std::nullopt, fmt::format("it cannot be parsed as {}", question_.language->name));
      return answer;
    }
    answer.examined = true;
    const TSNode root = ts_tree_root_node(tree);
    if (ts_node_has_error(root)) {
      problem(ts_node_start_point(first_error(root)).row + 1,
              fmt::format("it does not parse as {} here, and something may be hidden in it",
                          question_.language->name));
    }
    const bool whole =
        question_.query.each(tree, file.text(), [&](const exitgate::asked::SyntaxQuery::Match& match) {
          if (static_cast<std::size_t>(++answer.found) > exitgate::asked::kMostRows) return;
          answer.matches.push_back(row(file, match));
        });
    if (!whole) problem(std::nullopt, "more matches of the query begin at once than can be followed");
    if (question_.limits.per_file || question_.limits.at_least) {
      answer.paths.push_back(occurrence_row(file, answer.found > 0));
    }
    return answer;
  }

  bool is_first(const rows::Path& row) const override { return row.matches == false; }

 private:
  static rows::Match row(Content& file, const exitgate::asked::SyntaxQuery::Match& match) {
    auto captures = Json::object();
    for (const auto& [name, text] : match.captures) {
      captures[name] =
          text.size() <= kCaptureLimit ? std::string(text) : valid_utf8(text.substr(0, kCaptureLimit)) + "…";
    }
    const auto whole = file.text().substr(match.start, match.end - match.start);
    return {.gate = "",
            .example = false,
            .file = std::string(file.path()),
            .line = file.line_of(match.start),
            .position = file.position_of(match.start),
            .text = std::string(whole.substr(0, whole.find('\n'))),
            .context = std::nullopt,
            .captures = captures.dump()};
  }

  exitgate::asked::SyntaxQuestion question_;
};

}  // namespace

std::unique_ptr<Seeker> seek_syntax(const check::Parameters& with) {
  return std::make_unique<SyntaxSeeker>(with);
}

}  // namespace exitgate::collect::asked
