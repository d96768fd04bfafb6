#include "harness/registry/client.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/redact/redactor.h"

namespace exitgate::registry {

namespace {

constexpr std::string_view kSchemes[] = {"docker://", "oci://"};

bool is_lower_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

// A registry and a repository in it: nothing that skopeo would take for an option or a short name.
bool is_name(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) return false;
  const std::string_view host = text.substr(0, slash);
  const std::string_view path = text.substr(slash + 1);
  if (host != "localhost" && host.find_first_of(".:") == std::string_view::npos) return false;
  if (host.front() == '-' || path.find("//") != std::string_view::npos || path.back() == '/') return false;
  return std::all_of(host.begin(), host.end(),
                     [](char c) {
                       return is_lower_alnum(c) || (c >= 'A' && c <= 'Z') || c == '.' || c == '-' ||
                              c == ':' || c == '[' || c == ']';
                     }) &&
         is_lower_alnum(path.front()) && std::all_of(path.begin(), path.end(), [](char c) {
           return is_lower_alnum(c) || c == '.' || c == '-' || c == '_' || c == '/';
         });
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

// The words of skopeo's last message, without its wrapping and without secrets.
std::string said(const std::string& error) {
  std::string message = std::string(trim(error));
  if (const std::size_t at = message.rfind("msg=\""); at != std::string::npos) {
    message = message.substr(at + 5);
    if (message.ends_with('"')) message.pop_back();
  }
  return redact::Redactor::from_environment().redact(replaced(message, "\\\"", "\""));
}

struct Reason {
  std::string_view sign;
  std::string_view meaning;
  std::string_view hint;
};

constexpr Reason kReasons[] = {
    {"server gave HTTP response to HTTPS client", "the registry speaks HTTP without TLS",
     "give --insecure when that is meant"},
    {"x509:", "the registry's certificate is vouched for by nobody known here",
     "install its authority's certificate, or give --insecure when that is meant"},
    {"connection refused", "no registry answers there", "is it running, and is the port right?"},
    {"no such host", "no registry answers there", "is the name right?"},
    {"i/o timeout", "no registry answers there", "is it reached from this machine?"},
    {"no route to host", "no registry answers there", "is it reached from this machine?"},
    {"unauthorized", "the registry asks for a login, or refuses the one it got",
     "log in with `skopeo login {}`, or give --authfile"},
    {"authentication required", "the registry asks for a login, or refuses the one it got",
     "log in with `skopeo login {}`, or give --authfile"},
    {"denied", "the registry does not allow it", "log in with `skopeo login {}` as somebody who may"},
    {"manifest unknown", "the registry has no such artifact", "are the name and the tag right?"},
    {"name unknown", "the registry has no such artifact", "are the name and the tag right?"},
    {"no space left on device", "the disk is full", "free some room"},
};

}  // namespace

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= 128 && text.front() != '.' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
                  c == '.' || c == '-';
         });
}

Reference parse_reference(std::string_view given) {
  std::string_view text = given;
  for (const auto scheme : kSchemes) {
    if (text.starts_with(scheme)) text.remove_prefix(scheme.size());
  }
  Reference reference;
  if (const std::size_t at = text.find("@sha256:"); at != std::string_view::npos) {
    reference.digest = text.substr(at + 1);
    text = text.substr(0, at);
  }
  const std::size_t slash = text.rfind('/');
  const std::size_t colon = text.rfind(':');
  if (colon != std::string_view::npos && slash != std::string_view::npos && colon > slash) {
    reference.tag = text.substr(colon + 1);
    text = text.substr(0, colon);
    if (!is_tag(reference.tag)) text = "";
  }
  reference.name = text;
  const bool digest_good = reference.digest.empty() || reference.digest.size() == 71;
  if (!is_name(reference.name) || !digest_good) {
    // What was given may hold a password: it is not repeated.
    throw UsageError("the reference names no repository of a registry",
                     "give it as HOST/NAME:TAG or HOST/NAME@sha256:…; logins belong to `skopeo login HOST`");
  }
  return reference;
}

std::string skopeo(const std::vector<std::string>& arguments, const RegistryOptions& options,
                   const Reference& reference, std::string_view doing, std::chrono::milliseconds limit) {
  if (!find_program("skopeo")) {
    throw UsageError("skopeo is not installed, and registries are talked to by it",
                     "install it: apt-get install skopeo");
  }
  // No policy of this machine's container runtime is asked: what is copied is verified by ourselves.
  std::vector<std::string> all = {"skopeo", "--insecure-policy"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  if (options.auth_file) all.insert(all.begin() + 3, {"--authfile", options.auth_file->string()});
  const auto finished = run({.arguments = all, .limit = limit});
  if (finished.ok()) return finished.output;
  const std::string message = said(finished.error);
  const std::string head = fmt::format("cannot {} {}", doing, reference.text());
  for (const auto& [sign, meaning, hint] : kReasons) {
    if (message.find(sign) == std::string::npos) continue;
    throw Undecided(fmt::format("{}: {}", head, meaning),
                    replaced(std::string(hint), "{}", reference.host()));
  }
  throw Undecided(fmt::format("{}: {}", head, message.empty() ? finished.outcome() : message),
                  "these are skopeo's words");
}

std::string tls(const RegistryOptions& options, const char* option) {
  return fmt::format("{}={}", option, options.insecure ? "false" : "true");
}

}  // namespace exitgate::registry
