// Reading YAML that people write: every mistake is one message with file:line and the nearest known key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/config/keys.h"
#include "harness/yaml/yaml.h"

namespace exitgate::config {

class Reader {
 public:
  explicit Reader(std::string file) : file_(std::move(file)) {}

  // Throws UsageError "FILE:LINE: MESSAGE".
  [[noreturn]] void fail(const yaml::Node& node, const std::string& message,
                         const std::string& hint = "") const;
  std::string where(const yaml::Node& node) const;

  // Reads the YAML (harness/authored). Throws UsageError, like all below, with the place of what is wrong.
  yaml::Node parse(std::string_view text) const;

  // Fails unless `node` is a mapping with the declared keys only. `what` names it in messages; "": as it is declared.
  void mapping(const yaml::Node& node, const Mapping& declared, std::string_view what = "") const;
  const yaml::Node& required(const yaml::Node& mapping, std::string_view what, std::string_view key) const;

  std::string string(const yaml::Node& node, std::string_view what) const;  // any scalar that is not blank
  std::string string_or(const yaml::Node& mapping, std::string_view key, std::string default_value) const;
  int integer(const yaml::Node& node, std::string_view what, int least, int most) const;
  bool boolean(const yaml::Node& node, std::string_view what) const;
  const std::vector<yaml::Node>& list(const yaml::Node& node, std::string_view what) const;
  std::vector<std::string> strings(const yaml::Node& node, std::string_view what) const;

  const std::string& file() const { return file_; }

 private:
  std::string file_;
};

}  // namespace exitgate::config
