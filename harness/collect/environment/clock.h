// The machine's clock, which dates the evidence.
#pragma once

#include <optional>
#include <string>

namespace exitgate::collect {

struct Clock {
  std::string read_at;  // ISO 8601 in UTC
  std::optional<bool>
      synchronized;  // whether the kernel keeps it to a time server's; nullopt: it does not say
};

Clock read_clock();

}  // namespace exitgate::collect
