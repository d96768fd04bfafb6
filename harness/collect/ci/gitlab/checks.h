// What the validation of GitLab's configurations is made of: a value's kind, the keys of a mapping.
//
// Each takes `what`, the value's name in messages ("'artifacts:when' of job 'test'"). A value that is not known, and where
// GitLab takes nothing for a value its null, is never refused.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "harness/collect/ci/gitlab/refusal.h"
#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

using Words = std::span<const std::string_view>;

class Checks {
 public:
  explicit Checks(Refusals& refusals) : refusals_(refusals) {}

  void refuse(const yaml::Node& at, std::string reason) {
    refusals_.push_back({place_of(at), std::move(reason)});
  }

  // Whether it is a mapping; refused when it is anything else.
  bool mapping(const yaml::Node& node, const std::string& what);
  // Whether all of its keys are known; of those that are not the first is refused.
  bool keys(const yaml::Node& mapping, Words known, const std::string& what);
  void string(const yaml::Node& node, const std::string& what);
  void boolean(const yaml::Node& node, const std::string& what);
  void one_of(const yaml::Node& node, Words words, const std::string& what);
  void strings(const yaml::Node& node, const std::string& what);
  void strings_or_string(const yaml::Node& node, const std::string& what);
  void integers_or_integer(const yaml::Node& node, const std::string& what);
  // A string, or strings in lists of lists.
  void commands(const yaml::Node& node, const std::string& what);
  // "2 hours 30 minutes".
  void duration(const yaml::Node& node, const std::string& what, std::int64_t most_seconds);
  void expression(const yaml::Node& node, const std::string& what);
  // A list of names and of regular expressions.
  void refs(const yaml::Node& node, const std::string& what);

 private:
  Refusals& refusals_;
};

// The value under `key`; nullptr where there is none, or it is null or not known.
const yaml::Node* value_of(const yaml::Node& mapping, std::string_view key);

// The items of a list, with those of lists in it at any depth, as GitLab flattens it.
template <typename Visit>
void for_each_item(const yaml::Node& list, const Visit& visit) {
  for (const auto& item : list.items) {
    if (item.is_sequence()) {
      for_each_item(item, visit);
    } else {
      visit(item);
    }
  }
}

bool contains(Words words, std::string_view word);

}  // namespace exitgate::collect::ci::gitlab
