// A value that stands behind a name which says that it is secret: environment listings, JSON, YAML, libpq
// connection strings, netrc, options of user mappings, servers and roles in SQL, command lines.
#include <algorithm>
#include <array>
#include <string>

#include "harness/base/text.h"
#include "harness/redact/encodings.h"
#include "harness/redact/scan.h"

namespace exitgate::redact {

namespace {

enum class Strength {
  password,  // any value is one
  token,     // a value that looks like chance is one: `token: str` is none
  variable,  // a password where the whole name is in capitals: DB_PASS, and not first_pass
  basic,     // a value that base64 makes of user:password is one
};

struct Name {
  std::string_view end;  // of the name, in lower case
  Strength strength;
};

constexpr Name kNames[] = {
    {"auth", Strength::basic},        {"password", Strength::password},
    {"passwd", Strength::password},   {"passphrase", Strength::password},
    {"pwd", Strength::password},      {"secret", Strength::token},
    {"token", Strength::token},       {"api_key", Strength::token},
    {"apikey", Strength::token},      {"api-key", Strength::token},
    {"access_key", Strength::token},  {"accesskey", Strength::token},
    {"accountkey", Strength::token},  {"secret_key", Strength::token},
    {"secretkey", Strength::token},   {"private_key", Strength::token},
    {"privatekey", Strength::token},  {"credential", Strength::token},
    {"credentials", Strength::token}, {"_auth", Strength::token},
    {"signing_key", Strength::token}, {"encryption_key", Strength::token},
    {"master_key", Strength::token},  {"fernet_key", Strength::token},
    {"hmac_key", Strength::token},    {"jwt_key", Strength::token},
    {"shared_key", Strength::token},  {"azure_storage_key", Strength::token},
    {"license_key", Strength::token}, {"become_pass", Strength::password},
    {"ssh_pass", Strength::password}, {"_pass", Strength::variable},
};

struct Value {
  std::size_t begin;
  std::size_t end;
  bool quoted;
};

bool is_name_byte(char c) {
  return is_alnum(c) || c == '_' || c == '-';
}

// A quotation mark at `i`, as plain text, JSON in JSON, or XML writes it; "" for none.
std::string_view quote_at(const Scan& scan, std::size_t i) {
  // A quotation mark inside a string of SQL (CONNECTION 'password=''x'' …'), not the empty string.
  const char inside = scan.at(i + 2);
  if (scan.text.substr(i, 2) == "''" && !is_space(inside) && inside != '\0' && inside != '\'') {
    const std::string_view rest = scan.text.substr(i + 2, 4096);
    const std::size_t end = rest.find("''");
    if (end != std::string_view::npos && rest.substr(0, end).find('\n') == std::string_view::npos)
      return "''";
  }
  for (const std::string_view quote :
       {"\"", "'", "\\\"", "\\'", "&quot;", "&#34;", "&apos;", "&#39;", "\\\\\\\""}) {
    if (scan.text.substr(i, quote.size()) == quote) return quote;
  }
  return "";
}

Value quoted_value(const Scan& scan, std::size_t begin, std::string_view quote) {
  constexpr std::size_t kLongest = 8192;
  std::size_t i = begin;
  const std::size_t limit = std::min(scan.text.size(), begin + kLongest);
  while (i < limit && scan.text[i] != '\n') {
    if (scan.text.substr(i, quote.size()) == quote) {
      const bool doubled = quote == "'" && scan.at(i + 1) == '\'';
      if (!doubled) return {begin, i, true};
      i += 2;
    } else if (scan.text[i] == '\\' && quote.size() == 1) {
      i += 2;
    } else {
      ++i;
    }
  }
  return {begin, std::min(i, scan.text.size()), true};
}

bool ends_bare_value(char c) {
  return is_space(c) || c == '"' || c == '\'' || c == '`' || c == ',' || c == ';' || c == ')' || c == '<' ||
         c == '>' || c == '|' || c == '&' || c == '\0';
}

Value bare_value(const Scan& scan, std::size_t begin, bool connection_string) {
  // "\n" of a JSON string ends it as a newline would.
  std::size_t end = begin;
  const std::size_t limit = std::min(scan.text.size(), begin + 4096);
  std::size_t depth = 0;
  while (end < limit) {
    const char c = scan.text[end];
    if (c == '\n' || (c == '\\' && (scan.at(end + 1) == 'n' || scan.at(end + 1) == '"'))) break;
    // ${{ secrets.X }} is one word.
    if (c == '{') ++depth;
    if (c == '}') {
      if (depth == 0) break;
      --depth;
    }
    if (depth == 0 && (connection_string ? (is_space(c) || c == '\'' || c == '"') : ends_bare_value(c)))
      break;
    ++end;
  }
  return {begin, end, false};
}

std::string_view line_around(const Scan& scan, std::size_t at) {
  constexpr std::size_t kReach = 300;
  std::size_t begin = at;
  while (begin > 0 && at - begin < kReach && scan.text[begin - 1] != '\n') --begin;
  std::size_t end = at;
  while (end < scan.text.size() && end - at < kReach && scan.text[end] != '\n') ++end;
  return scan.text.substr(begin, end - begin);
}

bool is_connection_string(std::string_view line) {
  for (const std::string_view key :
       {"host=", "hostaddr=", "dbname=", "user=", "port=", "sslmode=", "host = "}) {
    const std::size_t at = line.find(key);
    if (at != std::string_view::npos && (at == 0 || !is_name_byte(line[at - 1]))) return true;
  }
  return false;
}

bool looks_random(std::string_view value) {
  if (value.size() < 8 || value.find(' ') != std::string_view::npos) return false;
  bool digit = false;
  bool upper = false;
  bool lower_case = false;
  for (const char c : value) {
    digit = digit || is_digit(c);
    upper = upper || is_upper(c);
    lower_case = lower_case || is_lower(c);
  }
  return digit || (upper && lower_case && value.size() >= 16) || value.size() >= 32;
}

bool is_user_and_password(std::string_view value) {
  if (value.size() < 8 || !std::all_of(value.begin(), value.end(), is_base64_byte)) return false;
  const std::string decoded = base64_decoded(value);
  return decoded.find(':') != std::string::npos && std::all_of(decoded.begin(), decoded.end(), [](char c) {
           return static_cast<unsigned char>(c) >= 0x20;
         });
}

// `password = hunter2` and nothing more: a name would seldom end in a number.
bool ends_line_with_digit(const Scan& scan, const Value& value) {
  const char next = scan.at(value.end);
  const std::string_view text = scan.text.substr(value.begin, value.end - value.begin);
  return (next == '\n' || next == '\r' || next == '\0') && is_digit(text.back());
}

// In a section with a user's name, as .pypirc and its like have them:  [pypi]  username = joe  password = x
bool follows_user_name(const Scan& scan, std::size_t at) {
  constexpr std::size_t kReach = 256;
  const std::size_t from = at > kReach ? at - kReach : 0;
  const std::string_view before = scan.text.substr(from, at - from);
  const std::size_t section = before.rfind("]\n");
  return section != std::string_view::npos && before.find("\nusername", section) != std::string_view::npos;
}

bool is_identifier(std::string_view value) {
  return std::all_of(value.begin(), value.end(),
                     [](char c) { return is_alnum(c) || c == '_' || c == '.'; }) &&
         !value.empty() && !is_digit(value[0]);
}

// Types, requirements and permissions that stand behind such names in code and configuration.
bool is_plain_word(std::string_view value) {
  static constexpr std::array<std::string_view, 24> kWords = {
      "yes",   "no",      "str",      "string",   "bytes", "int",  "bool",    "any",
      "text",  "object",  "required", "optional", "write", "read", "inherit", "self",
      "bytea", "varchar", "field",    "is",       "not",   "and",  "or",      "in"};
  const std::string word = lower(value);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() || word.rfind("optional[", 0) == 0;
}

// Code that passes a value on: password=settings.password, token=get_token(), secret=keys[0].
bool is_code(const Scan& scan, const Value& value) {
  const std::string_view text = scan.text.substr(value.begin, value.end - value.begin);
  const std::size_t bracket = text.find_first_of("([");
  if (bracket != std::string_view::npos && bracket > 0) return is_identifier(text.substr(0, bracket));
  if (!is_identifier(text)) return false;
  if (text.find('.') != std::string_view::npos &&
      !is_digit(text[text.find('.') + 1 < text.size() ? text.find('.') + 1 : 0])) {
    bool digits = false;
    for (const char c : text) digits = digits || is_digit(c);
    if (!digits) return true;
  }
  const char next = scan.at(value.end);
  return next == ',' || next == ')' || next == '(' || next == '[';
}

void match_name(Scan& scan, std::size_t at, const Name& name) {
  const std::size_t name_end = at + name.end.size();
  if (is_name_byte(scan.at(name_end))) return;  // "password_file", "tokens": another name
  if (name.strength == Strength::basic && at > 0 && is_name_byte(scan.at(at - 1))) return;
  std::size_t name_begin = at;
  while (name_begin > 0 && name_end - name_begin < 128 && is_name_byte(scan.at(name_begin - 1))) --name_begin;
  const std::string_view whole = scan.text.substr(name_begin, name_end - name_begin);
  const bool capitals = std::none_of(whole.begin(), whole.end(), is_lower);
  if (name.strength == Strength::variable && !capitals) return;
  const bool is_option = whole.substr(0, 2) == "--";

  std::size_t i = name_end;
  const std::string_view key_quote = quote_at(scan, i);
  i += key_quote.size();
  const std::size_t after_key = i;
  i = scan.run(
      i, [](char c) { return c == ' ' || c == '\t'; }, 64);
  const char sign = scan.at(i);
  const bool spaced = i > after_key;
  const std::string_view kind = name.strength == Strength::password || name.strength == Strength::variable
                                    ? "password"
                                    : "secret value";

  if (sign != '=' && sign != ':') {
    // SQL options and roles: password 'x', PASSWORD E'x'.   netrc and command lines: password x, --token x
    if (!spaced || !key_quote.empty()) return;
    const bool escape_string = (sign == 'E' || sign == 'e') && scan.at(i + 1) == '\'';
    if (sign == '\'' || escape_string) {
      const Value value = quoted_value(scan, i + (escape_string ? 2 : 1), "'");
      const std::string_view text = scan.text.substr(value.begin, value.end - value.begin);
      if (!is_placeholder(text)) scan.add(value.begin, value.end, kind);
      return;
    }
    if (is_option) {
      const Value value = quote_at(scan, i).empty()
                              ? bare_value(scan, i, false)
                              : quoted_value(scan, i + quote_at(scan, i).size(), quote_at(scan, i));
      const std::string_view text = scan.text.substr(value.begin, value.end - value.begin);
      if (!is_placeholder(text) && text[0] != '-') scan.add(value.begin, value.end, kind);
      return;
    }
    if (whole.starts_with("aws_")) {  // aws configure set aws_secret_access_key x
      const Value value = bare_value(scan, i, false);
      const std::string_view text = scan.text.substr(value.begin, value.end - value.begin);
      if (looks_random(text)) scan.add(value.begin, value.end, kind);
      return;
    }
    if (whole != "password") return;
    constexpr std::size_t kReach = 256;
    const std::size_t from = name_begin > kReach ? name_begin - kReach : 0;
    const std::string_view before = scan.text.substr(from, name_begin - from);
    const std::size_t machine = before.rfind("machine ");
    const std::size_t standard = before.rfind("default ");
    const std::size_t login = before.rfind("login ");
    if (login == std::string_view::npos ||
        (machine == std::string_view::npos && standard == std::string_view::npos))
      return;
    const std::size_t end = scan.run(i, [](char c) { return !is_space(c); });
    if (!is_placeholder(scan.text.substr(i, end - i))) scan.add(i, end, "password of a netrc entry");
    return;
  }

  if (sign == '=' && scan.at(i + 1) == '=') return;                             // a comparison
  if (sign == ':' && (scan.at(i + 1) == ':' || scan.at(i + 1) == '/')) return;  // a cast, a URL
  const std::size_t after_sign = i + 1 + (sign == ':' && scan.at(i + 1) == '=' ? 1 : 0);
  i = scan.run(
      after_sign, [](char c) { return c == ' ' || c == '\t'; }, 64);
  const bool spaced_behind = i > after_sign;
  // ALL_PASS = "passed" is code.
  const std::string_view line_rest = scan.text.substr(i, scan.run(i, [](char c) { return c != '\n'; }) - i);
  if (name.strength == Strength::variable && spaced &&
      std::none_of(line_rest.begin(), line_rest.end(), is_digit))
    return;
  const std::string_view quote = quote_at(scan, i);
  if (!quote.empty()) {
    const Value value = quoted_value(scan, i + quote.size(), quote);
    const std::string_view text = scan.text.substr(value.begin, value.end - value.begin);
    if (is_placeholder(text) || is_plain_word(text)) return;
    if (name.strength == Strength::token && !looks_random(text)) return;
    if (name.strength == Strength::basic && !is_user_and_password(text)) return;
    // Words for people: "must be at least 12 characters long".
    if (std::count(text.begin(), text.end(), ' ') > 2) return;
    scan.add(value.begin, value.end, kind);
    return;
  }
  const bool connection = sign == '=' && is_connection_string(line_around(scan, at));
  const Value value = capitals && sign == '=' && name_begin > 0 && scan.at(name_begin - 1) == '\''
                          ? quoted_value(scan, i, "'")  // 'NAME=a value', as a shell traces it
                          : bare_value(scan, i, connection && !spaced);
  const std::string_view text = scan.text.substr(value.begin, value.end - value.begin);
  if (is_placeholder(text)) return;
  if (connection) {
    // connect(host=host, password=password) is code; a connection string has no commas.
    const Value word = bare_value(scan, i, false);
    if (!is_code(scan, word)) scan.add(value.begin, value.end, "password of a connection string");
    return;
  }
  if (name.strength == Strength::basic && !is_user_and_password(text)) return;
  if (is_plain_word(text) || is_code(scan, value)) return;
  if (name.strength == Strength::token && !looks_random(text)) return;
  if (sign == '=') {
    // `password = value` may be anything that a language assigns: only what no name could be.
    const bool name_like = is_identifier(text) && !looks_random(text) && !ends_line_with_digit(scan, value);
    if ((spaced || spaced_behind) && name_like && !follows_user_name(scan, name_begin)) return;
    scan.add(value.begin, value.end, kind);
    return;
  }
  // YAML and headers: the value is the rest of the line. Prose goes on.
  const std::size_t rest = scan.run(
      value.end, [](char c) { return c == ' ' || c == '\r' || c == '\t'; }, 64);
  const bool line_ends = rest >= scan.text.size() || scan.at(rest) == '\n' || scan.at(rest) == '#' ||
                         scan.at(rest) == '"' || scan.at(rest) == '\'' || scan.at(rest) == '\\' ||
                         scan.at(rest) == '}' || scan.at(rest) == ',';
  if (!line_ends) return;
  if (capitals || name.strength == Strength::password || looks_random(text))
    scan.add(value.begin, value.end, kind);
}

template <std::size_t Number>
void match(Scan& scan, std::size_t at) {
  match_name(scan, at, kNames[Number]);
}

template <std::size_t... Numbers>
std::vector<Anchor> anchors_of(std::index_sequence<Numbers...>) {
  return {{kNames[Numbers].end, match<Numbers>}...};
}

}  // namespace

const std::vector<Anchor>& assignment_anchors() {
  static const std::vector<Anchor> anchors = anchors_of(std::make_index_sequence<std::size(kNames)>());
  return anchors;
}

}  // namespace exitgate::redact
