// Token formats that their issuers publish so that they can be found.
#include <string>

#include "harness/base/text.h"
#include "harness/redact/scan.h"

namespace exitgate::redact {

namespace {

enum class Bytes { alnum, word, word_dash, upper, hex, base64 };

bool belongs(Bytes bytes, char c) {
  switch (bytes) {
    case Bytes::alnum:
      return is_alnum(c);
    case Bytes::word:
      return is_alnum(c) || c == '_';
    case Bytes::word_dash:
      return is_alnum(c) || c == '_' || c == '-';
    case Bytes::upper:
      return is_upper(c) || is_digit(c);
    case Bytes::hex:
      return is_digit(c) || (c >= 'a' && c <= 'f');
    case Bytes::base64:
      return is_alnum(c) || c == '+' || c == '/' || c == '=';
  }
  return false;
}

struct Token {
  std::string_view prefix;  // as written
  Bytes bytes;
  std::size_t least;  // bytes behind the prefix
  std::size_t most;   // 0: any; else a longer run is something else
  bool apart;         // nothing that could be a word may stand before it
  std::string_view kind;
};

constexpr Token kTokens[] = {
    {"ghp_", Bytes::alnum, 30, 0, false, "GitHub token"},
    {"gho_", Bytes::alnum, 30, 0, false, "GitHub token"},
    {"ghu_", Bytes::alnum, 30, 0, false, "GitHub token"},
    {"ghs_", Bytes::alnum, 30, 0, false, "GitHub token"},
    {"ghr_", Bytes::alnum, 30, 0, false, "GitHub token"},
    {"github_pat_", Bytes::word, 22, 0, false, "GitHub token"},
    {"glpat-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"gldt-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"glrt-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"glptt-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"glcbt-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"AKIA", Bytes::upper, 16, 16, true, "AWS access key"},
    {"ASIA", Bytes::upper, 16, 16, true, "AWS access key"},
    {"xoxb-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"xoxa-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"xoxp-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"xoxr-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"xoxs-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"xapp-", Bytes::word_dash, 10, 0, true, "Slack token"},
    {"sk_live_", Bytes::alnum, 16, 0, false, "Stripe key"},
    {"sk_test_", Bytes::alnum, 16, 0, false, "Stripe key"},
    {"rk_live_", Bytes::alnum, 16, 0, false, "Stripe key"},
    {"rk_test_", Bytes::alnum, 16, 0, false, "Stripe key"},
    {"whsec_", Bytes::base64, 24, 0, false, "webhook secret"},
    {"AIza", Bytes::word_dash, 35, 35, true, "Google API key"},
    {"ya29.", Bytes::word_dash, 20, 0, true, "Google access token"},
    {"GOCSPX-", Bytes::word_dash, 20, 0, true, "Google client secret"},
    {"npm_", Bytes::alnum, 36, 0, false, "npm token"},
    {"pypi-AgE", Bytes::word_dash, 40, 0, false, "PyPI token"},
    {"dop_v1_", Bytes::hex, 64, 0, false, "DigitalOcean token"},
    {"hvs.", Bytes::word_dash, 24, 0, true, "Vault token"},
    {"hvb.", Bytes::word_dash, 24, 0, true, "Vault token"},
    {"dckr_pat_", Bytes::word_dash, 20, 0, false, "Docker token"},
    {"sk-ant-", Bytes::word_dash, 20, 0, true, "API key"},
    {"sk-proj-", Bytes::word_dash, 20, 0, true, "API key"},
    {"sk-", Bytes::alnum, 40, 0, true, "API key"},
    {"hf_", Bytes::alnum, 30, 40, true, "Hugging Face token"},
    {"shpat_", Bytes::hex, 32, 0, false, "Shopify token"},
    {"sntrys_", Bytes::base64, 30, 0, false, "Sentry token"},
    {"ATATT3", Bytes::word_dash, 40, 0, true, "Atlassian token"},
    {"dapi", Bytes::hex, 32, 32, true, "Databricks token"},
    {"glsa_", Bytes::word, 30, 0, true, "Grafana token"},
    {"PMAK-", Bytes::word_dash, 30, 0, true, "Postman key"},
    {"lin_api_", Bytes::alnum, 30, 0, false, "Linear key"},
    {"AGE-SECRET-KEY-1", Bytes::upper, 50, 0, false, "age secret key"},
};

// A letter before it belongs to a word, unless it ends an escape ("\n" in JSON).
bool stands_apart(const Scan& scan, std::size_t at) {
  if (at == 0) return true;
  const char before = scan.at(at - 1);
  if (!is_alnum(before) && before != '_') return true;
  return at >= 2 && scan.at(at - 2) == '\\' && (before == 'n' || before == 't' || before == 'r');
}

void match_token(Scan& scan, std::size_t at) {
  for (const auto& token : kTokens) {
    if (scan.text.substr(at, token.prefix.size()) != token.prefix) continue;
    if (token.apart && !stands_apart(scan, at)) continue;
    const std::size_t begin = at + token.prefix.size();
    const std::size_t end = scan.run(begin, [&](char c) { return belongs(token.bytes, c); });
    if (end - begin < token.least || (token.most != 0 && end - begin > token.most)) continue;
    scan.add(at, end, token.kind);
    return;
  }
}

// header.payload.signature, each base64url; the first two are JSON objects.
void match_jwt(Scan& scan, std::size_t at) {
  if (scan.text.substr(at, 3) != "eyJ" || !stands_apart(scan, at)) return;
  const auto part = [](char c) { return belongs(Bytes::word_dash, c); };
  const std::size_t header = scan.run(at, part);
  if (header - at < 10 || scan.at(header) != '.' || scan.text.substr(header + 1, 3) != "eyJ") return;
  const std::size_t payload = scan.run(header + 1, part, 1 << 14);
  if (scan.at(payload) != '.') return;
  const std::size_t signature = scan.run(payload + 1, part);
  if (signature - payload > 8) scan.add(at, signature, "JSON web token");
}

// SG.<22>.<43>
void match_sendgrid(Scan& scan, std::size_t at) {
  if (scan.text.substr(at, 3) != "SG." || !stands_apart(scan, at)) return;
  const auto part = [](char c) { return belongs(Bytes::word_dash, c); };
  const std::size_t first = scan.run(at + 3, part);
  if (first - at - 3 < 16 || scan.at(first) != '.') return;
  const std::size_t second = scan.run(first + 1, part);
  if (second - first - 1 >= 30) scan.add(at, second, "SendGrid key");
}

void match_slack_hook(Scan& scan, std::size_t at) {
  const std::size_t begin = at + std::string_view("hooks.slack.com/services/").size();
  const std::size_t end = scan.run(begin, [](char c) { return is_alnum(c) || c == '/'; });
  if (end - begin >= 20) scan.add(begin, end, "Slack webhook");
}

// SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key>, as PostgreSQL keeps passwords.
void match_scram(Scan& scan, std::size_t at) {
  const std::size_t begin = at + std::string_view("scram-sha-256$").size();
  const std::size_t end =
      scan.run(begin, [](char c) { return belongs(Bytes::base64, c) || c == ':' || c == '$'; });
  if (end - begin >= 40) scan.add(at, end, "SCRAM verifier");
}

}  // namespace

const std::vector<Anchor>& token_anchors() {
  static const std::vector<std::string> folded = [] {
    std::vector<std::string> names;
    for (const auto& token : kTokens) names.push_back(lower(token.prefix));
    return names;
  }();
  static const std::vector<Anchor> anchors = [] {
    std::vector<Anchor> list;
    for (const auto& name : folded) list.push_back({name, match_token});
    list.push_back({"eyj", match_jwt});
    list.push_back({"sg.", match_sendgrid});
    list.push_back({"hooks.slack.com/services/", match_slack_hook});
    list.push_back({"scram-sha-256$", match_scram});
    return list;
  }();
  return anchors;
}

}  // namespace exitgate::redact
