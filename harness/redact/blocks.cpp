// URLs with passwords, authorization headers, private keys, and the rows of a COPY in a dump.
#include <algorithm>

#include "harness/redact/encodings.h"
#include "harness/redact/scan.h"

namespace exitgate::redact {

namespace {

bool ends_authority(char c) {
  return is_space(c) || c == '/' || c == '?' || c == '#' || c == '"' || c == '\'' || c == '<' || c == '>' ||
         c == '`' || c == '\0';
}

bool looks_like_token(std::string_view user) {
  if (user.size() < 16) return false;
  bool digit = false;
  for (const char c : user) digit = digit || is_digit(c);
  return digit;
}

// scheme://user:password@host
void match_url(Scan& scan, std::size_t at) {
  if (at == 0 || !is_alnum(scan.at(at - 1))) return;
  const std::size_t begin = at + 3;
  // A reference to a variable may hold what would end the authority: ${{ secrets.PASSWORD }}, ${PASSWORD:?}.
  std::size_t end = begin;
  std::size_t at_sign = std::string_view::npos;
  std::size_t depth = 0;
  while (end < scan.text.size() && end - begin < 4096) {
    const char c = scan.text[end];
    if (c == '\n' || (depth == 0 && ends_authority(c))) break;
    if (c == '{') ++depth;
    if (c == '}' && depth > 0) --depth;
    if (c == '@' && depth == 0) at_sign = end;
    ++end;
  }
  if (at_sign == std::string_view::npos) return;
  const std::string_view user_info = scan.text.substr(begin, at_sign - begin);
  std::size_t colon = user_info.find(':');
  // "${{ a:b }}" is one word.
  if (user_info.substr(0, colon).find('{') != std::string_view::npos) {
    const std::size_t close = user_info.find('}');
    colon = close == std::string_view::npos ? close : user_info.find(':', close);
  }
  if (colon != std::string_view::npos) {
    const std::string_view password = user_info.substr(colon + 1);
    // What stands for a password where the token is the user.
    if ((password.empty() || password == "x-oauth-basic") && looks_like_token(user_info.substr(0, colon)))
      scan.add(begin, begin + colon, "token in a URL");
    if (!is_placeholder(password)) scan.add(begin + colon + 1, at_sign, "password in a URL");
  } else if (looks_like_token(user_info) && !is_placeholder(user_info)) {
    scan.add(begin, at_sign, "token in a URL");
  }
}

bool is_token_byte(char c) {
  return is_base64_byte(c) || c == '.' || c == '~';
}

bool follows_authorization(const Scan& scan, std::size_t at) {
  std::size_t end = at;
  while (end > 0 && (scan.at(end - 1) == ' ' || scan.at(end - 1) == ':' || scan.at(end - 1) == '"' ||
                     scan.at(end - 1) == '\'' || scan.at(end - 1) == '=' || scan.at(end - 1) == '\\')) {
    --end;
  }
  constexpr std::string_view kName = "authorization";
  if (end < kName.size() || end == at) return false;
  for (std::size_t i = 0; i < kName.size(); ++i) {
    const char c = scan.at(end - kName.size() + i);
    if ((is_upper(c) ? static_cast<char>(c + 32) : c) != kName[i]) return false;
  }
  return true;
}

bool has_digit(std::string_view text) {
  for (const char c : text) {
    if (is_digit(c)) return true;
  }
  return false;
}

void match_basic(Scan& scan, std::size_t at) {
  if (at > 0 && is_alnum(scan.at(at - 1)) && scan.at(at - 1) != 'n') return;
  const std::size_t begin = at + std::string_view("basic ").size();
  const std::size_t end = scan.run(begin, is_base64_byte);
  const std::string_view value = scan.text.substr(begin, end - begin);
  if (value.size() < 4) return;
  bool credentials = follows_authorization(scan, at);
  if (!credentials && value.size() >= 8 && (has_digit(value) || value.back() == '=')) {
    const std::string decoded = base64_decoded(value);
    credentials = decoded.find(':') != std::string::npos;
    for (const char c : decoded) credentials = credentials && static_cast<unsigned char>(c) >= 0x20;
  }
  if (credentials) scan.add(begin, end, "credentials of basic authentication");
}

void match_bearer(Scan& scan, std::size_t at) {
  const std::size_t begin = at + std::string_view("bearer ").size();
  const std::size_t end = scan.run(begin, is_token_byte);
  const std::string_view value = scan.text.substr(begin, end - begin);
  const bool header = follows_authorization(scan, at) && value.size() >= 8;
  if (header || (value.size() >= 16 && has_digit(value))) scan.add(begin, end, "bearer token");
}

// "-----BEGIN … PRIVATE KEY-----" to its END line, or as far as the base64 goes when it is cut off.
void match_private_key(Scan& scan, std::size_t at) {
  constexpr std::size_t kLongest = 1 << 16;
  const std::string_view head = scan.text.substr(at, 80);
  const std::size_t title = head.find("PRIVATE KEY");
  if (title == std::string_view::npos || head.substr(0, title).find('\n') != std::string_view::npos) return;
  const std::string_view body = scan.text.substr(at + title, kLongest);
  const std::size_t end = body.find("-----END ");
  if (end != std::string_view::npos) {
    const std::size_t close = body.find("-----", end + 9);
    scan.add(at, at + title + (close == std::string_view::npos ? end + 9 : close + 5), "private key");
    return;
  }
  const std::size_t cut = scan.run(
      at + title,
      [](char c) { return is_base64_byte(c) || is_space(c) || c == '\\' || c == ':' || c == ','; }, kLongest);
  scan.add(at, cut, "private key");
}

// A file of that kind as base64, as Kubernetes and variables of CI hold them.
void match_encoded_private_key(Scan& scan, std::size_t at) {
  constexpr std::size_t kLongest = 1 << 16;
  std::size_t end = scan.run(at, is_base64_byte, kLongest);
  if (base64_decoded(scan.text.substr(at, std::min<std::size_t>(end - at, 64) / 4 * 4)).find("PRIVATE KEY") ==
      std::string::npos)
    return;
  // Lines of a width behind it.
  for (std::size_t begin = at; end - begin >= 60 && scan.at(end) == '\n' && end - at < kLongest;) {
    const std::size_t next = scan.run(end + 1, is_base64_byte, kLongest);
    if (next == end + 1 || (next < scan.text.size() && scan.at(next) != '\n')) break;
    begin = end + 1;
    end = next;
  }
  scan.add(at, end, "private key");
}

// What a URL was signed with: whoever has it may do what it allows.
constexpr std::string_view kSignatures[] = {"sig=", "x-amz-signature=", "x-goog-signature="};
template <std::size_t Number>
void match_signature(Scan& scan, std::size_t at) {
  const std::string_view before = scan.text.substr(at > 6 ? at - 6 : 0, at > 6 ? 6 : at);
  if (!before.ends_with('?') && !before.ends_with('&') && !before.ends_with("&amp;") &&
      !before.ends_with("\\u0026"))
    return;
  const std::size_t begin = at + kSignatures[Number].size();
  const std::size_t end = scan.run(begin, [](char c) { return is_base64_byte(c) || c == '%'; });
  if (end - begin >= 20) scan.add(begin, end, "signature of a URL");
}

// The PIN in a PKCS#11 URI (RFC 7512).
void match_pin(Scan& scan, std::size_t at) {
  const std::size_t begin = at + std::string_view("pin-value=").size();
  const std::size_t end =
      scan.run(begin, [](char c) { return !ends_authority(c) && c != '&' && c != ';' && c != '\\'; });
  if (!is_placeholder(scan.text.substr(begin, end - begin))) scan.add(begin, end, "PIN");
}

// Cookie: a=b; session=…
void match_cookie(Scan& scan, std::size_t at) {
  std::size_t i = at + std::string_view("cookie: ").size();
  for (;;) {
    const std::size_t name =
        scan.run(i, [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; });
    if (name == i) return;
    if (scan.at(name) == '=') {
      const std::size_t end =
          scan.run(name + 1, [](char c) { return !ends_authority(c) && c != ';' && c != ','; });
      const std::string_view value = scan.text.substr(name + 1, end - name - 1);
      if (value.size() >= 16 && has_digit(value)) scan.add(name + 1, end, "cookie");
      i = end;
    } else {
      i = name;
    }
    if (scan.at(i) != ';') return;
    i = scan.run(i + 1, [](char c) { return c == ' '; });
  }
}

// A line of .pgpass: host:port:database:user:password
void match_pgpass(Scan& scan, std::size_t at) {
  const auto part = [](char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.' || c == '*'; };
  if (at == 0 || !part(scan.at(at - 1))) return;
  std::size_t i = at + std::string_view(":5432:").size();
  for (int field = 0; field < 2; ++field) {
    const std::size_t end = scan.run(i, part);
    if (end == i || scan.at(end) != ':') return;
    i = end + 1;
  }
  const std::size_t end =
      scan.run(i, [](char c) { return !is_space(c) && c != '"' && c != '\'' && c != '<' && c != '\\'; });
  if (!is_placeholder(scan.text.substr(i, end - i))) scan.add(i, end, "password of a .pgpass line");
}

// "COPY public.users (id, name) FROM stdin;" and the rows up to "\.".
void match_copy(Scan& scan, std::size_t at) {
  if (at > 0 && scan.at(at - 1) != '\n') return;
  const std::size_t line = scan.text.find('\n', at);
  if (line == std::string_view::npos || line - at > (1 << 16)) return;
  std::string_view statement = scan.text.substr(at, line - at);
  if (!statement.empty() && statement.back() == '\r') statement.remove_suffix(1);
  constexpr std::string_view kTail = " FROM stdin;";
  if (statement.size() < kTail.size() || statement.substr(statement.size() - kTail.size()) != kTail) return;
  const std::size_t begin = line + 1;
  if (scan.text.substr(begin, 2) == "\\.") return;
  const std::size_t end = scan.text.find("\n\\.", begin);
  const std::size_t until = end == std::string_view::npos ? scan.text.size() : end;
  if (scan.text.substr(begin, until - begin) == "***") return;
  scan.add(begin, until, "rows of a COPY");
}

}  // namespace

const std::vector<Anchor>& block_anchors() {
  static const std::vector<Anchor> anchors = {
      {"://", match_url},
      {"basic ", match_basic},
      {"bearer ", match_bearer},
      {"-----begin ", match_private_key},
      {"copy ", match_copy},
      {"ls0tls1crudjti", match_encoded_private_key},
      {kSignatures[0], match_signature<0>},
      {kSignatures[1], match_signature<1>},
      {kSignatures[2], match_signature<2>},
      {"pin-value=", match_pin},
      {"cookie: ", match_cookie},
      {":5432:", match_pgpass},
      {":5433:", match_pgpass},
      {":6432:", match_pgpass},
  };
  return anchors;
}

}  // namespace exitgate::redact
