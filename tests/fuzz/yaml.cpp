// The YAML reader reads any bytes or refuses them with a Problem, within its limits.
#include "harness/yaml/yaml.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

std::size_t count(const exitgate::yaml::Node& node) {
  std::size_t nodes = 1;
  for (const auto& item : node.items) nodes += count(item);
  for (const auto& entry : node.entries) {
    nodes += 1 + count(entry.value);
    // What is there is found, by its first key of that name.
    if (node.find(entry.key.text) != &entry.value) __builtin_trap();
  }
  return nodes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr exitgate::yaml::Limits kLimits{.bytes = 1U << 16, .depth = 100, .nodes = 20'000};
  try {
    if (count(exitgate::yaml::parse(text, kLimits)) > kLimits.nodes) __builtin_trap();
  } catch (const exitgate::yaml::Problem& problem) {
    if (problem.line < 1 || problem.column < 1) __builtin_trap();
  }
  return 0;
}
