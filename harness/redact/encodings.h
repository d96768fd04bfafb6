// The forms that one value takes when other programs write it: what a known secret is searched as.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::redact {

struct Form {
  std::string text;
  // Its ends share characters with what stands beside it (base64): up to so many neighbours belong to the secret.
  int spill = 0;
};

// Plain, URL-, base64- (at each of the three alignments, both alphabets), JSON-, XML-, SQL- and
// shell-escaped; without duplicates.
std::vector<Form> forms_of(std::string_view value);

// The percent-decoded text; '%' without two hexadecimal digits stays as it is.
std::string percent_decoded(std::string_view text);

// What base64 decodes to, up to the first byte that is none; both alphabets.
std::string base64_decoded(std::string_view text);

bool is_base64_byte(char c);

}  // namespace exitgate::redact
