#pragma once

namespace exitgate::program {

inline constexpr const char* kVersion = EXITGATE_VERSION;

}  // namespace exitgate::program
