// `spec:inputs` of a configuration with a header, and `$[[ inputs.name | function ]]` in what follows it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/yaml/yaml.h"

namespace exitgate::collect::ci::gitlab {

// What GitLab refuses of it, at a line of the file with the header.
struct InputProblem {
  int line = 0;  // 0: of the `include:` that gives the inputs
  std::string reason;
};

class Inputs {
 public:
  // `given`: the `inputs:` of the `include:` or trigger; nullptr for none. A value that only the run knows is unknown.
  Inputs(const yaml::Node& header, const yaml::Node* given);

  // Puts the values in their places: a block that is all of a string becomes the value itself, whatever its
  // type; a list in the place of an item of a list becomes part of it.
  void put_into(yaml::Node& node);

  const std::vector<InputProblem>& problems() const { return problems_; }

 private:
  void declare(const yaml::Entry& input, const yaml::Node* given);
  yaml::Node checked(const yaml::Entry& input, const std::string& type, const yaml::Node& value,
                     bool is_default);
  // The value of what stands between `$[[` and `]]`; of the kind `string` with the tag "!unknown" where it is not known.
  yaml::Node evaluate(std::string_view block, int line);
  yaml::Node access(std::string_view path, int line);
  void refuse(int line, std::string reason);

  std::map<std::string, yaml::Node, std::less<>> values_;
  bool open_ = false;  // there may be more inputs than these
  std::vector<InputProblem> problems_;
};

}  // namespace exitgate::collect::ci::gitlab
