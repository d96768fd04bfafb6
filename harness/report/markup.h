// Escaping for the formats that are written by hand here.
#pragma once

#include <string>
#include <string_view>

namespace exitgate::report {

// For XML 1.0 and HTML, in text and in attribute values. What XML 1.0 cannot hold at all (control characters,
// invalid UTF-8) becomes U+FFFD.
std::string xml_escape(std::string_view text);

}  // namespace exitgate::report
