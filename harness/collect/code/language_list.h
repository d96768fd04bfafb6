// The functions of languages/*.cpp that hand out the records; CMake writes the list (CMakeLists.txt).
#pragma once

#include <vector>

#include "harness/collect/code/language.h"

namespace exitgate::collect::code {

using LanguageRecord = Language (*)();
const std::vector<LanguageRecord>& language_list();

}  // namespace exitgate::collect::code
