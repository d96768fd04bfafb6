// GitLab's configuration as text: its files, and in each the keys at the margin with the keys below them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/census/hits.h"

namespace exitgate::collect::census {

// A key with the lines below it that are indented further.
struct KeyBlock {
  std::string key;
  std::string value;  // on its own line, without comment and anchor
  int line = 0;
  int last = 0;  // the last line that is not blank
};

// What stands at the margin: a job, a template, `default:` and the like.
struct MarginKey {
  KeyBlock block;
  std::string anchor;  // "base" of `.base: &base`
  bool is_list = false;
  std::vector<KeyBlock> keys;

  const KeyBlock* key(std::string_view name) const;
};

struct GitlabFile {
  std::string path;
  std::string text;
  bool conditional = false;  // included by rules
  std::vector<MarginKey> keys;
  std::vector<bool> is_string;  // by line, from 1: part of a block scalar
};

// .gitlab-ci.yml, and what it includes or starts as child pipelines, as far as that is written as a path of the commit.
std::vector<GitlabFile> read_gitlab_files(
    const std::function<std::optional<std::string>(const std::string&)>& read,
    const std::vector<std::string>& paths);

}  // namespace exitgate::collect::census
