// Which names a file system or a BagIt reader may take for one another.
#pragma once

#include <string>
#include <string_view>

namespace exitgate::record {

// The same for two names that differ only in how their letters are composed ("é" as one code point or as two), whatever
// their case. `name` is valid UTF-8. Two marks on one letter are put in the order of their code points: names that differ
// in nothing but that order are taken for one.
std::string normalized_key(std::string_view name);

// normalized_key() without regard to case (of Latin, Greek and Cyrillic letters).
std::string caseless_key(std::string_view name);

// The code points of valid UTF-8, each taken apart into its letter and its marks, in the order described above.
std::u32string decomposed(std::string_view text);
bool is_mark(char32_t c);  // U+0301 and such

}  // namespace exitgate::record
