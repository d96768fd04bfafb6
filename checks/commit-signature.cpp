#include <fmt/format.h>

#include "harness/check/check.h"

namespace {

using namespace exitgate;

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool required = with.boolean("required");
  for (const Row& row :
       facts.query("SELECT kind, status, coalesce(signer, ''), coalesce(key, ''), coalesce(reason, '') "
                   "FROM repo.signature")) {
    const auto status = row.text(1);
    const auto by = fmt::format("{}{}", row.text(2).empty() ? "" : " of " + row.text(2),
                                row.text(3).empty() ? "" : fmt::format(" (key {})", row.text(3)));
    const auto reason = row.text(4).empty() ? "" : ": " + row.text(4);
    if (status == "unknown-key" && !required) {
      report.skip(fmt::format("the signature{} is by a key that is not known here", by));
      return;
    }
    report.examined();
    if (status == "good") {
      report.note(fmt::format("a good {} signature{}", row.text(0), by));
    } else if (status == "bad" || status == "expired" || status == "revoked") {
      report.fail({"signature:" + status, "", 0,
                   fmt::format("the commit's signature{} is {}{}", by,
                               status == "bad" ? "not that of these bytes" : status, reason),
                   "let the author sign it again: `git commit --amend --no-edit --gpg-sign`"});
    } else {
      report.undecided({"signature:" + status, "", 0,
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
                  .title = "The commit's signature holds, when it has one",
                  .why = "The author's name in a commit is only what somebody typed; a signature is theirs.",
                  .domains = {"repo"},
                  .parameters = {{"required", Parameter::boolean, "false",
                                  "whether every commit must be signed with a key known here"}},
                  .run = run};
const Registered registered(check);

}  // namespace
