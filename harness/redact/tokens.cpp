// Token formats that their issuers publish so that they can be found.
#include <string>
#include <utility>

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
    {"RWRTY0Iy", Bytes::base64, 100, 0, true, "minisign secret key"},
    {"glsoat-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"glffct-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"glimt-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"glagent-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"gloas-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"glft-", Bytes::word_dash, 20, 0, false, "GitLab token"},
    {"GR1348941", Bytes::word_dash, 20, 0, true, "GitLab token"},
    {"xoxc-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"xoxd-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"xoxe-", Bytes::word_dash, 10, 0, false, "Slack token"},
    {"sqp_", Bytes::hex, 40, 40, true, "SonarQube token"},
    {"squ_", Bytes::hex, 40, 40, true, "SonarQube token"},
    {"sqa_", Bytes::hex, 40, 40, true, "SonarQube token"},
    {"rubygems_", Bytes::hex, 48, 48, true, "RubyGems key"},
    {"oy2", Bytes::alnum, 43, 43, true, "NuGet key"},
    {"bkua_", Bytes::hex, 40, 40, true, "Buildkite token"},
    {"CCIPAT_", Bytes::word, 40, 0, true, "CircleCI token"},
    {"tskey-", Bytes::word_dash, 20, 0, true, "Tailscale key"},
    {"dp.pt.", Bytes::alnum, 40, 0, true, "Doppler token"},
    {"ops_eyJ", Bytes::word_dash, 60, 0, true, "1Password token"},
    {"sbp_", Bytes::hex, 40, 40, true, "Supabase token"},
    {"pscale_pw_", Bytes::word_dash, 32, 0, true, "PlanetScale password"},
    {"pscale_tkn_", Bytes::word_dash, 32, 0, true, "PlanetScale token"},
    {"gsk_", Bytes::alnum, 48, 0, true, "API key"},
    {"sk-svcacct-", Bytes::word_dash, 20, 0, true, "API key"},
    {"glc_", Bytes::base64, 40, 0, true, "Grafana token"},
    {"pul-", Bytes::hex, 40, 40, true, "Pulumi token"},
    {"key-", Bytes::hex, 32, 32, true, "Mailgun key"},
    {"NRAK-", Bytes::upper, 27, 27, true, "New Relic key"},
    {"figd_", Bytes::word_dash, 36, 0, true, "Figma token"},
    {"ntn_", Bytes::alnum, 40, 0, true, "Notion token"},
    {"pat-na1-", Bytes::word_dash, 32, 0, true, "HubSpot token"},
    {"pat-eu1-", Bytes::word_dash, 32, 0, true, "HubSpot token"},
    {"sntryu_", Bytes::hex, 64, 64, true, "Sentry token"},
    {"ATBB", Bytes::alnum, 32, 0, true, "Atlassian token"},
    {"ATCTT3", Bytes::word_dash, 40, 0, true, "Atlassian token"},
};

// A letter before it belongs to a word, unless it ends an escape ("\n" in JSON).
bool stands_apart(const Scan& scan, std::size_t at) {
  if (at == 0) return true;
  const char before = scan.at(at - 1);
  // "cache-key-…" is a name; "--…" and "=-…" are none.
  if (before == '-' && at >= 2 && is_alnum(scan.at(at - 2))) return false;
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

// An address that whoever knows it may post to: what stands behind the host is the secret.
struct Hook {
  std::string_view address;
  std::string_view kind;
};
constexpr Hook kHooks[] = {
    {"hooks.slack.com/services/", "Slack webhook"},      {"hooks.slack.com/workflows/", "Slack webhook"},
    {"hooks.slack.com/triggers/", "Slack webhook"},      {"discord.com/api/webhooks/", "Discord webhook"},
    {"discordapp.com/api/webhooks/", "Discord webhook"}, {"webhook.office.com/webhookb2/", "Teams webhook"},
};

template <std::size_t Number>
void match_hook(Scan& scan, std::size_t at) {
  const std::size_t begin = at + kHooks[Number].address.size();
  const std::size_t end =
      scan.run(begin, [](char c) { return belongs(Bytes::word_dash, c) || c == '/' || c == '@'; });
  if (end - begin >= 20) scan.add(begin, end, kHooks[Number].kind);
}

template <std::size_t... Numbers>
void add_hooks(std::vector<Anchor>& list, std::index_sequence<Numbers...> /*numbers*/) {
  (list.push_back({kHooks[Numbers].address, match_hook<Numbers>}), ...);
}

std::size_t run_back(const Scan& scan, std::size_t at, std::size_t limit, bool (*taken)(char)) {
  std::size_t begin = at;
  while (begin > 0 && at - begin < limit && taken(scan.text[begin - 1])) --begin;
  return begin;
}

// <bot's number>:AA<33>
void match_telegram(Scan& scan, std::size_t at) {
  const std::size_t begin = run_back(scan, at, 11, is_digit);
  const std::size_t end = scan.run(at + 1, [](char c) { return belongs(Bytes::word_dash, c); });
  if (at - begin >= 8 && at - begin <= 10 && end - at - 1 == 35) scan.add(begin, end, "Telegram token");
}

// <14>.atlasv1.<60 or more>
void match_terraform(Scan& scan, std::size_t at) {
  const std::size_t begin = run_back(scan, at, 32, is_alnum);
  const std::size_t end = scan.run(at + 9, [](char c) { return belongs(Bytes::word_dash, c); });
  if (at - begin >= 10 && end - at - 9 >= 40) scan.add(begin, end, "Terraform token");
}

// Secrets of Entra applications: <3>8Q~<31 to 34>
void match_entra(Scan& scan, std::size_t at) {
  const auto part = [](char c) { return belongs(Bytes::word_dash, c) || c == '.' || c == '~'; };
  const std::size_t begin = run_back(scan, at, 3, part);
  const std::size_t end = scan.run(at + 3, part);
  if (end - at - 3 >= 31 && end - at - 3 <= 40) scan.add(begin, end, "Azure client secret");
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
    names.reserve(std::size(kTokens));
    for (const auto& token : kTokens) names.push_back(lower(token.prefix));
    return names;
  }();
  static const std::vector<Anchor> anchors = [] {
    std::vector<Anchor> list;
    for (const auto& name : folded) list.push_back({name, match_token});
    list.push_back({"eyj", match_jwt});
    list.push_back({"sg.", match_sendgrid});
    list.push_back({":aa", match_telegram});
    list.push_back({".atlasv1.", match_terraform});
    list.push_back({"7q~", match_entra});
    list.push_back({"8q~", match_entra});
    add_hooks(list, std::make_index_sequence<std::size(kHooks)>());
    list.push_back({"scram-sha-256$", match_scram});
    return list;
  }();
  return anchors;
}

}  // namespace exitgate::redact
