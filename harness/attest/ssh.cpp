#include "harness/attest/ssh.h"

#include <fmt/core.h>

#include <fstream>

#include "harness/attest/sidecars.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"

namespace exitgate::attest {

namespace {

constexpr std::chrono::seconds kLimit{60};

ProcessResult ssh_keygen(std::vector<std::string> arguments, std::string_view input) {
  if (!find_program("ssh-keygen")) {
    throw UsageError("ssh-keygen is not installed, and SSH signatures need it",
                     "install openssh-client, or give a PEM key");
  }
  arguments.insert(arguments.begin(), "ssh-keygen");
  std::vector<std::string> environment = {"LC_ALL=C", "SSH_ASKPASS=/bin/false", "SSH_ASKPASS_REQUIRE=force"};
  for (const char* name : {"PATH", "HOME", "SSH_AUTH_SOCK"}) {
    if (const char* value = std::getenv(name)) environment.push_back(fmt::format("{}={}", name, value));
  }
  return run({.arguments = std::move(arguments),
              .environment = std::move(environment),
              .input = std::string(input),
              .limit = kLimit});
}

std::string words(const ProcessResult& finished) {
  const std::string said(trim(finished.error.empty() ? finished.output : finished.error));
  return said.empty() ? finished.outcome() : said.substr(0, said.find('\n'));
}

}  // namespace

bool is_ssh_key(const std::filesystem::path& key) {
  if (key.extension() == ".pub") return true;
  std::ifstream file(key);
  std::string first;
  std::getline(file, first);
  return first.starts_with("-----BEGIN OPENSSH PRIVATE");
}

std::string ssh_sign(const std::filesystem::path& key, std::string_view text) {
  const auto finished = ssh_keygen({"-Y", "sign", "-f", key.string(), "-n", kSshNamespace}, text);
  if (!finished.ok()) {
    throw UsageError(fmt::format("ssh-keygen cannot sign with {}: {}", key.string(), words(finished)),
                     "a key with a passphrase needs the agent: ssh-add it, then give its .pub");
  }
  return finished.output;
}

std::string ssh_verify(const std::filesystem::path& allowed_signers, const std::filesystem::path& signature,
                       std::string_view text) {
  if (!std::filesystem::is_regular_file(allowed_signers)) {
    throw UsageError(
        fmt::format("{} is not a file of allowed signers", allowed_signers.string()),
        "write 'name@example namespaces=\"exitgate\" ssh-ed25519 AAAA…' into it, one line for each key");
  }
  const auto found =
      ssh_keygen({"-Y", "find-principals", "-s", signature.string(), "-f", allowed_signers.string()}, "");
  if (!found.ok())
    throw VerificationError(fmt::format("the SSH signature is by no key in {}: {}",
                                        allowed_signers.filename().string(), words(found)));
  std::string principal(trim(found.output.substr(0, found.output.find('\n'))));
  const auto checked = ssh_keygen({"-Y", "verify", "-f", allowed_signers.string(), "-I", principal, "-n",
                                   kSshNamespace, "-s", signature.string()},
                                  text);
  if (!checked.ok()) throw VerificationError(fmt::format("the SSH signature is wrong: {}", words(checked)));
  return principal;
}

std::filesystem::path ssh_signature_path(const std::filesystem::path& archive) {
  return statement_path(archive).string() + ".sig";
}

}  // namespace exitgate::attest
