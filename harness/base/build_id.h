// Which build of the program this is.
#pragma once

#include <string>

namespace exitgate {

// The id that the linker gave the running program (`readelf -n`), in hexadecimal digits; "" when it gave none. Another
// build has another one, unless it is the same to the byte.
std::string build_id();

}  // namespace exitgate
