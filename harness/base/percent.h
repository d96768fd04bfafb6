// Percent-encoding, as RFC 3986 has it.
#pragma once

#include <string>
#include <string_view>

namespace exitgate {

enum class HexDigits { upper, lower };

// Every byte as "%XX" that is neither unreserved (a letter, a digit, '-', '.', '_' or '~') nor one of `kept`.
std::string percent_encoded(std::string_view text, std::string_view kept = "",
                            HexDigits digits = HexDigits::upper);

}  // namespace exitgate
