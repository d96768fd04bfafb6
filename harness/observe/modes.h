// The eight modes of table locks, from the weakest to the strongest.
#pragma once

#include <array>
#include <string_view>

namespace exitgate::observe {

inline constexpr std::array<std::string_view, 8> kModes = {
    "AccessShareLock", "RowShareLock",          "RowExclusiveLock", "ShareUpdateExclusiveLock",
    "ShareLock",       "ShareRowExclusiveLock", "ExclusiveLock",    "AccessExclusiveLock"};

int strength_of(std::string_view mode);  // 1 to 8; 0 for another word
std::string_view mode_of(int strength);  // "" for another number

}  // namespace exitgate::observe
