// What becomes of a script that looks at the results of jobs: whether it leaves with 0.
//
// It is followed along every path that it can take. A command that is not known is taken to succeed, as long as
// nothing of what the script is asked about is given to it; then it is not decided.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <tuple>

namespace exitgate::collect::ci::script {

enum class End { success, failure, undecided };

struct Ended {
  End end = End::success;
  std::string because;  // why it is undecided, in words for people
  // What it wrote into the files of GITHUB_OUTPUT and GITHUB_ENV, "name=value" each line.
  std::string outputs;
  std::string variables;
};

struct Start {
  std::map<std::string, std::string> environment;
  bool stops_at_errors = true;  // `-e`
  bool pipefail = false;        // `-o pipefail`
};

// `text` and the environment as text.h says of texts.
Ended interpret(std::string_view text, const Start& start);

// The same, each script once for each start: most steps of a job do the same whatever the jobs before it came to.
class Interpretations {
 public:
  const Ended& of(const std::string& text, const Start& start);

 private:
  using Key = std::tuple<std::string, std::map<std::string, std::string>, bool, bool>;
  std::map<Key, Ended> known_;
};

}  // namespace exitgate::collect::ci::script
