// GitLab's ways to write a job once and use it twice: merge keys, `!reference`, `extends`, `include: local`,
// `spec:` with inputs.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/ci/model.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci {

// All files of a configuration as one tree, each node's line with its file's number in the upper bits.
struct GitlabTree {
  yaml::Node root;
  std::vector<std::string>
      files;                    // in the order in which they were read; the first is the configuration itself
  std::vector<Remark> remarks;  // lines with their file's number
  std::vector<std::pair<std::string, std::string>> problems;  // file, why it could not be read
};

constexpr int kFileShift = 21;  // no file has more lines than its limit of bytes
int gitlab_line(int line);
std::size_t gitlab_file(int line);

// The text of a file of the commit; nullopt when there is none.
using ReadFile = std::function<std::optional<std::string>(const std::string& path)>;
// Files of the commit that fit a glob of `include: local`.
using FindFiles = std::function<std::vector<std::string>(const std::string& glob)>;

// `source`: what the rules of an `include:` take `$CI_PIPELINE_SOURCE` for.
GitlabTree read_gitlab_tree(const std::string& path, const ReadFile& read, const FindFiles& find,
                            std::string_view source);

// What a list of `include:` says, in order: a file of the repository, or why the jobs of it are not known.
struct GitlabInclude {
  int line = 0;
  std::string path = {};               // as the repository has it; "" when it is not one
  std::string unknown = {};            // why not
  const yaml::Node* inputs = nullptr;  // given to it
  const yaml::Node* rules = nullptr;   // of the `include:` itself
};
std::vector<GitlabInclude> gitlab_includes(const yaml::Node& include, const FindFiles& find);

// A configuration with a header (`spec:`, a document by itself before the other), taken apart.
struct GitlabText {
  std::string header;  // "" for none
  std::string body;    // as many lines in front of it as the header has
};
GitlabText split_header(std::string_view text);

// `$[[ inputs.name ]]` with what is given, else with the default; left as it is when neither is a plain text.
std::string put_inputs(std::string_view text, const yaml::Node& header, const yaml::Node* given);

// The job with all that it extends, its references put in. nullopt when it extends what is not there or
// itself.
std::optional<yaml::Node> resolve_job(const yaml::Node& root, std::string_view name);

}  // namespace exitgate::collect::ci
