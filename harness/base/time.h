// Times as they are written into evidence.
#pragma once

#include <string>

namespace exitgate {

// "2026-11-23T13:05:09Z", the current time in UTC.
std::string utc_now();

}  // namespace exitgate
