// Numbers for tests that try many cases: the same in every run and on every machine.
#pragma once

#include <cstdint>
#include <random>

namespace exitgate {

class Chance {
 public:
  std::uint64_t operator()(std::uint64_t below) { return engine_() % below; }

 private:
  std::mt19937_64 engine_{20261123};
};

}  // namespace exitgate
