// Any text is TOML or a TomlError with a line.
#include "harness/settings/toml.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    exitgate::settings::toml_table({reinterpret_cast<const char*>(data), size}, "tool.alembic");
  } catch (const exitgate::settings::TomlError& error) {
    if (error.line < 1) __builtin_trap();
  }
  return 0;
}
