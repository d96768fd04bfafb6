// SSH keys as an alternative that every user of git already has: signatures in OpenSSH's own form
// (PROTOCOL.sshsig), made and checked by ssh-keygen, which reaches agents and hardware keys too.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace exitgate::attest {

// What the signature is for, so that one made for git or a mail is none of ours.
inline constexpr const char* kSshNamespace = "exitgate";

// A private key in OpenSSH's form, or a public key (".pub") whose private half an agent holds.
bool is_ssh_key(const std::filesystem::path& key);

// The signature of `text`. Never prompts: a key with a passphrase needs the agent. Throws UsageError with
// ssh-keygen's words.
std::string ssh_sign(const std::filesystem::path& key, std::string_view text);

// Checks the signature with the keys of an allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS) and returns
// who made it. Throws VerificationError when it is wrong or by nobody in the file, UsageError when the file
// cannot be read.
std::string ssh_verify(const std::filesystem::path& allowed_signers, const std::filesystem::path& signature,
                       std::string_view text);

// "<archive>.statement.json.sig"
std::filesystem::path ssh_signature_path(const std::filesystem::path& archive);

}  // namespace exitgate::attest
