// Both readers of YAML read any text alike, or it is a Problem: never something else, and never another tree than the
// strict reader's.
#include "harness/authored/authored.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

bool same(const exitgate::yaml::Node& one, const exitgate::yaml::Node& other) {
  if (one.kind != other.kind || one.text != other.text || one.items.size() != other.items.size() ||
      one.entries.size() != other.entries.size())
    return false;
  for (std::size_t i = 0; i < one.items.size(); ++i) {
    if (!same(one.items[i], other.items[i])) return false;
  }
  for (std::size_t i = 0; i < one.entries.size(); ++i) {
    if (!same(one.entries[i].key, other.entries[i].key) ||
        !same(one.entries[i].value, other.entries[i].value))
      return false;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  constexpr exitgate::yaml::Limits kLimits{.bytes = 1U << 16, .depth = 100, .nodes = 20'000};
  try {
    const auto root = exitgate::authored::read(text, kLimits);
    if (!same(root, exitgate::yaml::parse(text, kLimits))) __builtin_trap();
  } catch (const exitgate::yaml::Problem& problem) {
    if (problem.line < 1 || problem.column < 1) __builtin_trap();
  }
  return 0;
}
