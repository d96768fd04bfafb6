// Reading YAML that people write: every mistake is one message with file:line and the nearest known key.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/yaml/yaml.h"

namespace exitgate::config {

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  // Throws UsageError "FILE:LINE: MESSAGE".
  [[noreturn]] void refuse(const yaml::Node& node, const std::string& message,
                           const std::string& hint = "") const;
  std::string where(const yaml::Node& node) const;

  // Parses; a text that is no YAML is refused with its place.
  yaml::Node parse(std::string_view text) const;

  // Refuses anything but a mapping with these keys only. `what` names it: "a gate", "database".
  void mapping(const yaml::Node& node, std::string_view what,
               std::initializer_list<std::string_view> known) const;
  const yaml::Node& required(const yaml::Node& mapping, std::string_view what, std::string_view key) const;

  std::string text(const yaml::Node& node, std::string_view what) const;  // not empty
  std::string text_or(const yaml::Node& mapping, std::string_view key, std::string standard) const;
  int integer(const yaml::Node& node, std::string_view what, int least, int most) const;
  bool boolean(const yaml::Node& node, std::string_view what) const;
  const std::vector<yaml::Node>& list(const yaml::Node& node, std::string_view what) const;
  std::vector<std::string> texts(const yaml::Node& node, std::string_view what) const;

  const std::string& file() const { return file_; }

 private:
  std::string file_;
};

}  // namespace exitgate::config
