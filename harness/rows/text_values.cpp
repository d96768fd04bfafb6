#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "harness/base/text.h"
#include "harness/rows/values.h"

namespace exitgate::rows {
namespace {

// Characters of a text whose length is counted in them.
std::size_t characters_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

// In digits and letters, of exactly that many characters; two numbers differ as long as there is room for it.
std::string short_text(unsigned number, int length) {
  static constexpr std::string_view kDigits = "abcdefghijklmnopqrstuvwxyz";
  std::string text;
  for (int at = 0; at < length; ++at, number /= 26) text.insert(text.begin(), kDigits[number % 26]);
  return text;
}

bool says(std::string_view name, std::string_view word) {
  return name.find(word) != std::string_view::npos;
}

// So much of a column's name as is ASCII.
std::string_view printable_part(std::string_view name) {
  const auto end =
      std::find_if(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80U; });
  return name.substr(0, std::min<std::size_t>(20, static_cast<std::size_t>(end - name.begin())));
}

// What a column of that name would have; "" for anything.
std::string hinted(const std::string& name, unsigned number) {
  if (says(name, "mail")) return fmt::format("user{}@example.org", number);
  if (says(name, "url") || says(name, "uri") || name == "link" || says(name, "website"))
    return fmt::format("https://example.org/{}", number);
  if (says(name, "uuid") || says(name, "guid"))
    return fmt::format("{:08x}-0000-4000-8000-000000000000", number);
  if (says(name, "json")) return fmt::format("{{\"n\": {}}}", number);
  if (name == "ip" || says(name, "ip_addr")) return fmt::format("192.0.2.{}", number % 250 + 1);
  if (says(name, "phone")) return fmt::format("+4930{:06}", number % 1000000);
  return {};
}

}  // namespace

std::string text_value(std::string_view name, unsigned salt, int variant, int length) {
  // Longer ones would not fit into the key of an index.
  constexpr int kLongest = 600;
  constexpr int kLongText = 300;  // more than the 255 that people choose when they narrow a text
  const unsigned number = salt % 9000 + 100 + static_cast<unsigned>(variant);
  if (length >= 0 && length < 12) {
    if (variant == 0) return short_text(number, length);
    return short_text(number, std::max(1, std::min(length, 3)));
  }
  std::string text = hinted(lower(name), number);
  const bool is_hinted = !text.empty();
  if (!is_hinted)
    text = fmt::format("{}{} {}", variant == 0 ? "größe 名 " : "", printable_part(name), number);
  if (length >= 0 && characters_of(text) > static_cast<std::size_t>(length))
    text = short_text(number, length);
  if (variant != 0) return text;
  const auto wanted = static_cast<std::size_t>(length < 0 ? kLongText : std::min(length, kLongest));
  const std::size_t had = characters_of(text);
  if (had >= wanted || says(text, "{") || says(text, "-0000-4000-") || says(text, "192.0.2.") ||
      text.front() == '+')
    return text;
  const std::string filler(wanted - had, 'x');
  return says(text, "@") ? filler + text : text + filler;
}

}  // namespace exitgate::rows
