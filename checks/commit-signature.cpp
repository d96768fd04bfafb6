#include <fmt/core.h>

#include "harness/check/check.h"
#include "harness/facts/tables/repo.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool required = with.boolean("required");
  for (const repo::Signature& signature : facts.rows<repo::Signature>()) {
    const auto status = signature.status;
    const auto by = fmt::format(
        "{}{}", signature.signer.value_or("").empty() ? "" : " of " + signature.signer.value_or(""),
        signature.key.value_or("").empty() ? "" : fmt::format(" (key {})", signature.key.value_or("")));
    const auto reason = signature.reason.value_or("").empty() ? "" : ": " + signature.reason.value_or("");
    if (status == repo::SignatureStatus::unknown_key && !required) {
      report.skip(fmt::format("the signature{} is by a key that is not known here", by));
      return;
    }
    report.examined();
    if (status == repo::SignatureStatus::good) {
      report.note(fmt::format("a good {} signature{}", to_text(signature.kind), by));
    } else if (status == repo::SignatureStatus::bad || status == repo::SignatureStatus::expired ||
               status == repo::SignatureStatus::revoked) {
      report.fail(
          {fmt::format("signature:{}", to_text(status)), "", 0,
           fmt::format("the commit's signature{} is {}{}", by,
                       status == repo::SignatureStatus::bad ? "not that of these bytes" : to_text(status),
                       reason),
           "let the author sign it again: `git commit --amend --no-edit --gpg-sign`"});
    } else {
      report.undecided({fmt::format("signature:{}", to_text(status)), "", 0,
                        fmt::format("the commit's signature{} cannot be verified here{}", by, reason),
                        "import the signer's key, or name it in gpg.ssh.allowedSignersFile"});
    }
  }
  if (report.examined_count() > 0) return;
  if (!required) {
    report.skip("the commit is not signed, and needs not be (`required: false`)");
    return;
  }
  report.examined();
  report.fail({"signature:none", "", 0,
               "the commit is not signed: whoever could push could have made it in another's name",
               "`git commit --amend --no-edit --gpg-sign`"});
}

const Check check{.name = "commit-signature",
                  .title = "The commit's signature, if it has one, is valid",
                  .why = "The author's name in a commit is only what somebody typed; a signature is theirs.",
                  .domains = {"repo"},
                  .parameters = {{"required", Parameter::boolean, "false",
                                  "whether every commit must be signed with a key known here"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
