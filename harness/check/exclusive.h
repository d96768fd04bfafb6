// Whether two things of one run can both happen, by what each needs (`only_if` of ci.artifact_instance).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace exitgate::check {

enum class Together {
  never,    // their conditions exclude each other
  perhaps,  // what only the run knows decides: outputs of steps, or too many values to try
  can,
};

// Tries every value that matters to both conditions. nullopt: nothing is needed.
Together can_both_happen(const std::optional<std::string>& one, const std::optional<std::string>& other);

// The same, answered once for each pair.
class Exclusions {
 public:
  Together ask(const std::optional<std::string>& one, const std::optional<std::string>& other);

 private:
  std::map<std::pair<std::string, std::string>, Together> known_;
};

}  // namespace exitgate::check
