#include "harness/redact/redactor.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <unordered_map>

#include "harness/base/text.h"
#include "harness/redact/encodings.h"
#include "harness/redact/recognise.h"
#include "harness/redact/scan.h"

namespace exitgate::redact {

namespace {

using redact::Form;
using redact::Place;

constexpr std::size_t kLeast = 4;
constexpr std::string_view kMask = "***";

std::uint32_t four_bytes(const char* at) {
  std::uint32_t four = 0;
  std::memcpy(&four, at, sizeof four);
  return four;
}
constexpr std::size_t bucket_of(std::uint32_t four) {
  return (four * 0x9E3779B1U) >> 16;
}

// Values that stand for "no secret here" everywhere; masking them would blot half of every log.
bool is_public_word(std::string_view value) {
  static constexpr std::array<std::string_view, 22> kWords = {
      "postgres", "password", "passwd",  "secret",    "test",  "tests", "testing", "root",
      "admin",    "user",     "true",    "false",     "none",  "null",  "local",   "main",
      "trust",    "example",  "default", "localhost", "guest", "mysql"};
  return std::find(kWords.begin(), kWords.end(), lower(value)) != kWords.end();
}

// Colour codes and titles of terminals, which programs put into the middle of words. `origin` maps each byte
// of the answer to its place in `text`, and holds the end as its last entry.
std::string without_escapes(std::string_view text, std::vector<std::size_t>& origin) {
  std::string plain;
  plain.reserve(text.size());
  origin.reserve(text.size() + 1);
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\x1b') {
      origin.push_back(i);
      plain += text[i++];
      continue;
    }
    ++i;
    if (i < text.size() && text[i] == '[') {
      ++i;
      while (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x20 &&
             static_cast<unsigned char>(text[i]) < 0x40)
        ++i;
      if (i < text.size() && static_cast<unsigned char>(text[i]) >= 0x40) ++i;
    } else if (i < text.size() && text[i] == ']') {
      while (i < text.size() && text[i] != '\a' && text[i] != '\n' && text[i] != '\x1b') ++i;
      if (i < text.size() && text[i] == '\a') ++i;
    } else if (i < text.size() && (text[i] == '\\' || text[i] == '(')) {
      i += text[i] == '(' ? 2 : 1;
    }
  }
  origin.push_back(text.size());
  return plain;
}

// One past a line break at `i`, as text or a JSON string in it writes it, and the indentation behind; `i`
// when there is none.
std::size_t past_break(std::string_view text, std::size_t i) {
  const std::size_t start = i;
  for (const std::string_view end : {"\r\n", "\n", "\\r\\n", "\\n"}) {
    if (text.substr(i, end.size()) != end) continue;
    i += end.size();
    while (i < text.size() && (text[i] == ' ' || text[i] == '\t')) ++i;
    return i;
  }
  return start;
}

// The next lines of base64 behind `at` that are one text, wrapped: without their breaks in `joined`, with
// where each byte was in `origin`. Empty when there are none up to the place that is returned.
std::size_t join_wrapped(std::string_view text, std::size_t at, std::string& joined,
                         std::vector<std::size_t>& origin) {
  constexpr std::size_t kLine = 40;  // PEM has lines of 64, MIME and `base64` of 76
  joined.clear();
  origin.clear();
  const auto run_end = [&](std::size_t i) {
    while (i < text.size() && redact::is_base64_byte(text[i])) ++i;
    return i;
  };
  while (at < text.size() && !redact::is_base64_byte(text[at])) ++at;
  std::size_t end = run_end(at);
  std::size_t next = past_break(text, end);
  if (end - at < kLine || next == end || run_end(next) == next) return end;
  for (;;) {
    for (std::size_t i = at; i < end; ++i) origin.push_back(i);
    joined += text.substr(at, end - at);
    if (end - at < kLine || next == end || run_end(next) == next) return end;
    at = next;
    end = run_end(at);
    next = past_break(text, end);
  }
}

bool name_says_secret(std::string_view name) {
  const std::string upper_name = [&] {
    std::string text(name);
    for (char& c : text) {
      if (redact::is_lower(c)) c = static_cast<char>(c - 32);
    }
    return text;
  }();
  for (const std::string_view tail : {"_FILE", "_PATH", "_DIR", "_SOCK", "_URL", "_URI", "_ID", "_NAME",
                                      "_HOST", "_PORT", "_USER", "PGPASSFILE"}) {
    if (upper_name.ends_with(tail)) return false;
  }
  for (const std::string_view part :
       {"PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "API_KEY", "ACCESS_KEY", "ACCESSKEY",
        "PRIVATE_KEY", "PRIVATEKEY", "CREDENTIAL", "SIGNING_KEY", "ENCRYPTION_KEY"}) {
    if (upper_name.find(part) != std::string::npos) return true;
  }
  for (const std::string_view tail : {"_PAT", "_PWD", "_PASS", "_KEY", "_AUTH", "_DSN"}) {
    if (upper_name.ends_with(tail)) return true;
  }
  return upper_name == "PASS";
}

}  // namespace

struct Redactor::Known {
  std::vector<Form> forms;
  std::vector<std::string> values;
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> by_start;
  std::vector<bool> starts = std::vector<bool>(1 << 16, false);

  void add(std::string_view value) {
    if (std::find(values.begin(), values.end(), value) != values.end()) return;
    values.emplace_back(value);
    for (auto& form : redact::forms_of(value)) {
      if (form.text.size() < kLeast) continue;
      const std::uint32_t four = four_bytes(form.text.data());
      starts[bucket_of(four)] = true;
      auto& bucket = by_start[four];
      bucket.push_back(forms.size());
      forms.push_back(std::move(form));
      // The longest first: one secret may begin with another.
      std::sort(bucket.begin(), bucket.end(),
                [&](std::size_t a, std::size_t b) { return forms[a].text.size() > forms[b].text.size(); });
    }
  }

  void find(std::string_view text, std::vector<Place>& places) const {
    if (forms.empty()) return;
    find_plain(text, places);
    // What a line break splits is found where the lines are one again.
    std::string joined;
    std::vector<std::size_t> origin;
    for (std::size_t at = 0; at < text.size();) {
      at = join_wrapped(text, at, joined, origin);
      if (joined.empty()) continue;
      std::vector<Place> inside;
      find_plain(joined, inside);
      for (const auto& place : inside)
        places.push_back({origin[place.begin], origin[place.end - 1] + 1, place.kind});
    }
  }

 private:
  void find_plain(std::string_view text, std::vector<Place>& places) const {
    for (std::size_t i = 0; i + kLeast <= text.size(); ++i) {
      const std::uint32_t four = four_bytes(text.data() + i);
      if (!starts[bucket_of(four)]) continue;
      const auto bucket = by_start.find(four);
      if (bucket == by_start.end()) continue;
      for (const std::size_t index : bucket->second) {
        const Form& form = forms[index];
        if (text.substr(i, form.text.size()) != form.text) continue;
        std::size_t begin = i;
        std::size_t end = i + form.text.size();
        for (int n = 0; n < form.spill && begin > 0 && redact::is_base64_byte(text[begin - 1]); ++n) --begin;
        for (int n = 0; n < form.spill && end < text.size() && redact::is_base64_byte(text[end]); ++n) ++end;
        places.push_back({begin, end, "known secret"});
        break;
      }
    }
  }
};

Redactor::Redactor() : known_(std::make_unique<Known>()) {}
Redactor::~Redactor() = default;
Redactor::Redactor(Redactor&&) noexcept = default;
Redactor& Redactor::operator=(Redactor&&) noexcept = default;

const std::vector<std::string>& Redactor::values() const {
  return known_->values;
}

void Redactor::add_secret(std::string_view value) {
  value = trim(value);
  if (value.size() < kLeast || redact::is_placeholder(value) || is_public_word(value)) return;
  known_->add(value);
  // A key of several lines is seldom printed as a whole.
  if (value.find('\n') == std::string_view::npos) return;
  for (const auto& line : split(value, '\n')) {
    const std::string_view part = trim(line);
    if (part.size() >= 16 && part.substr(0, 5) != "-----") known_->add(part);
  }
}

void Redactor::add_url(std::string_view url) {
  for (const auto& place : redact::recognise(url)) {
    const std::string_view value = url.substr(place.begin, place.end - place.begin);
    add_secret(value);
    add_secret(redact::percent_decoded(value));
    // libpq unquotes '\'' and '\\' in connection strings.
    std::string unquoted;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == '\\' && i + 1 < value.size()) ++i;
      unquoted += value[i];
    }
    add_secret(unquoted);
  }
}

Redactor Redactor::from_environment() {
  Redactor redactor;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const std::size_t equals = variable.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view value = variable.substr(equals + 1);
    redactor.add_url(value);
    // A path to a secret is none.
    if (name_says_secret(variable.substr(0, equals)) && !value.empty() && value.front() != '/' &&
        value.find("://") == std::string_view::npos) {
      redactor.add_secret(value);
    }
  }
  return redactor;
}

std::string Redactor::redact(std::string_view text, std::size_t* masked) const {
  auto changed = redacted(text, masked);
  return changed ? std::move(*changed) : std::string(text);
}

std::optional<std::string> Redactor::redacted(std::string_view text, std::size_t* masked) const {
  std::vector<std::size_t> origin;
  std::string stripped;
  std::string_view plain = text;
  const bool escapes = text.find('\x1b') != std::string_view::npos;
  if (escapes) {
    stripped = without_escapes(text, origin);
    plain = stripped;
  }
  std::vector<Place> places = redact::recognise(plain);
  known_->find(plain, places);
  if (places.empty()) return std::nullopt;
  std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
  std::string result;
  result.reserve(text.size());
  std::size_t done = 0;
  for (std::size_t i = 0; i < places.size();) {
    const std::size_t begin = places[i].begin;
    std::size_t end = places[i].end;
    for (++i; i < places.size() && places[i].begin < end; ++i) end = std::max(end, places[i].end);
    const std::size_t first = escapes ? origin[begin] : begin;
    const std::size_t last = escapes ? origin[end - 1] + 1 : end;
    result += text.substr(done, first - done);
    result += kMask;
    done = last;
    if (masked != nullptr) ++*masked;
  }
  result += text.substr(done);
  return result;
}

std::vector<Redactor::Suspect> Redactor::places(std::string_view text) {
  std::vector<std::size_t> origin;
  std::string stripped;
  std::string_view plain = text;
  if (text.find('\x1b') != std::string_view::npos) {
    stripped = without_escapes(text, origin);
    plain = stripped;
  }
  std::vector<Suspect> found;
  std::size_t counted = 0;
  std::size_t line = 1;
  std::size_t last_end = 0;
  for (const auto& place : redact::recognise(plain)) {
    if (place.begin < last_end) continue;
    last_end = place.end;
    line +=
        static_cast<std::size_t>(std::count(plain.begin() + static_cast<std::ptrdiff_t>(counted),
                                            plain.begin() + static_cast<std::ptrdiff_t>(place.begin), '\n'));
    counted = place.begin;
    found.push_back({line, std::string(place.kind)});
  }
  return found;
}

std::vector<std::string> Redactor::suspicious(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& [line, what] : places(text)) found.push_back(fmt::format("line {}: {}", line, what));
  return found;
}

std::string without_credentials(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    // git@host:path names no secret; user:password@host:path does.
    const std::size_t at = url.find('@');
    const std::size_t colon = url.find(':');
    if (at != std::string_view::npos && colon < at) return std::string(url.substr(at + 1));
    return std::string(url);
  }
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const std::size_t at = url.substr(0, end).rfind('@');
  std::string clean(url.substr(0, begin));
  const std::size_t host = at == std::string_view::npos || at < begin ? begin : at + 1;
  clean += url.substr(host, end - host);
  std::string_view rest = url.substr(end);
  // What a query may carry besides (?access_token=…) is not part of where the repository is.
  const std::size_t query = rest.find_first_of("?#");
  clean += rest.substr(0, query);
  return clean;
}

}  // namespace exitgate::redact
