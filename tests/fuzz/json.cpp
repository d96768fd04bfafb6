// Any text is JSON, and reads the same when it is written again, or a JsonError.
#include "harness/json/json.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  try {
    const auto value = exitgate::Json::parse(text, "input");
    if (!(exitgate::Json::parse(value.dump()) == value)) __builtin_trap();
  } catch (const exitgate::JsonError&) {
  }
  return 0;
}
