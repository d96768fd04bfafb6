#pragma once

namespace exitgate::stages {

inline constexpr const char* kVersion = EXITGATE_VERSION;

}  // namespace exitgate::stages
