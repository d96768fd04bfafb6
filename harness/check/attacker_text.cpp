#include "harness/check/attacker_text.h"

#include <algorithm>
#include <array>
#include <utility>

#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::check {

namespace {

// As GitHub's guide on script injection lists them, and zizmor's table of context capabilities ("arbitrary"); `*` is a name
// or an index.
constexpr std::array<std::string_view, 26> kContexts = {
    "github.head_ref",
    "github.event.pull_request.title",
    "github.event.pull_request.body",
    "github.event.pull_request.head.ref",
    "github.event.pull_request.head.label",
    "github.event.pull_request.head.repo.default_branch",
    "github.event.pull_request.head.repo.description",
    "github.event.pull_request.head.repo.homepage",
    "github.event.pull_request",
    "github.event.issue.title",
    "github.event.issue.body",
    "github.event.comment.body",
    "github.event.review.body",
    "github.event.review_comment.body",
    "github.event.discussion.title",
    "github.event.discussion.body",
    "github.event.pages.*.page_name",
    "github.event.head_commit.message",
    "github.event.head_commit.author.name",
    "github.event.head_commit.author.email",
    "github.event.commits.*.message",
    "github.event.commits.*.author.name",
    "github.event.commits.*.author.email",
    "github.event.workflow_run.head_branch",
    "github.event",
    "github",
};

bool is_path_char(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '*';
}

// The contexts whose text an expression may come to: `github.event['pull_request'].title` is
// `github.event.pull_request.title`. What is only compared or tested gives no text away.
class Paths {
 public:
  explicit Paths(std::string_view expression) : text_(expression) {}

  std::vector<std::string> run() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\'') {  // a string of the expression
        end();
        at_ = std::min(text_.find('\'', at_ + 1), text_.size());
        compared_ = false;
      } else if (c == '[' && !path_.empty()) {
        index();
      } else if (is_path_char(c)) {
        path_ += c;
      } else if (c == '(') {
        calls_.push_back(lower(std::exchange(path_, {})));
      } else {
        end();
        if (c == ')' && !calls_.empty()) calls_.pop_back();
        if (c != ' ' && c != '\n') compared_ = is_comparison();
      }
    }
    end();
    return std::move(paths_);
  }

 private:
  bool is_comparison() {
    if (text_.substr(at_, 2) != "==" && text_.substr(at_, 2) != "!=") return false;
    ++at_;
    return true;
  }
  void index() {
    const auto close = std::min(text_.find(']', at_), text_.size());
    const auto inner = trim(text_.substr(at_ + 1, close - std::min(close, at_ + 1)));
    path_ += inner.size() > 2 && inner.front() == '\'' ? "." + std::string(inner.substr(1, inner.size() - 2))
                                                       : ".*";
    at_ = close;
  }
  void end() {
    if (path_.empty()) return;
    const auto next = text_.find_first_not_of(" \n", at_);
    const auto rest = next == std::string_view::npos ? std::string_view() : text_.substr(next);
    const bool tested = std::any_of(calls_.begin(), calls_.end(), [](const auto& call) {
      return call == "contains" || call == "startswith" || call == "endswith" || call == "hashfiles";
    });
    if (!compared_ && !tested && !rest.starts_with("==") && !rest.starts_with("!="))
      paths_.push_back(lower(path_));
    path_.clear();
    compared_ = false;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string path_;
  bool compared_ = false;           // a comparison stands before
  std::vector<std::string> calls_;  // functions that are open, "" for parentheses
  std::vector<std::string> paths_;
};

// A whole object is text only as JSON.
bool is_object(std::string_view context) {
  return context == "github" || context == "github.event" || context == "github.event.pull_request";
}

bool is_attackers(const std::string& path, std::string_view expression) {
  return std::any_of(kContexts.begin(), kContexts.end(), [&](std::string_view context) {
    if (is_object(context)) return path == context && lower(expression).find("tojson(") != std::string::npos;
    return glob_match(context, path);
  });
}

void add(std::vector<std::string>& all, const std::string& one) {
  if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
}

std::string variable(const std::vector<std::string>& environment, std::string_view name) {
  for (const auto& json : environment) {
    const auto variables = Json::try_parse(json);
    if (!variables || !variables->is_object()) continue;
    for (const auto& [key, value] : variables->members()) {
      if (lower(key) == name && value.is_string()) return value.text();
    }
  }
  return "";
}

}  // namespace

std::vector<std::string> attacker_contexts(std::string_view text,
                                           const std::vector<std::string>& environment) {
  std::vector<std::string> found;
  for (auto open = text.find("${{"); open != std::string_view::npos; open = text.find("${{")) {
    const auto close = text.find("}}", open);
    if (close == std::string_view::npos) break;
    const auto expression = text.substr(open + 3, close - open - 3);
    text.remove_prefix(close + 2);
    for (const auto& path : Paths(expression).run()) {
      if (path.starts_with("env.")) {
        // A variable of a variable is not followed.
        for (const auto& inner : attacker_contexts(variable(environment, path.substr(4)))) add(found, inner);
      } else if (is_attackers(path, expression)) {
        add(found, path);
      }
    }
  }
  return found;
}

}  // namespace exitgate::check
