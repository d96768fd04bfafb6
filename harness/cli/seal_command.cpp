#include <fmt/core.h>

#include <cstdlib>

#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/json/json.h"
#include "harness/stages/sealing.h"

namespace exitgate::cli {

int run_seal(int argc, char** argv) {
  std::string root;
  std::string archive;
  std::string key;
  std::string timestamp;
  bool summary = false;
  bool as_json = false;
  Options app("Packs a run into an archive that anyone can verify.", "exitgate seal");
  app.add("--run", root, "run directory").required();
  app.add("--out", archive, "the archive: NAME.tar.zst, NAME.tar.gz or NAME.zip").required();
  app.add("--key", key,
          "private key (PEM, SSH, or a pkcs11: URI) to sign the attestation with; "
          "EXITGATE_KEY_PASSPHRASE opens "
          "it")
      .environment(stages::kKeyVariable);
  app.add("--timestamp", timestamp,
          "URL of an RFC 3161 authority whose timestamp is kept beside the archive");
  app.add_flag("--vsa", summary,
               "a SLSA verification summary beside the archive, signed by the same PEM key");
  app.add_flag("--json", as_json, "as JSON");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const auto sealed = stages::seal_run(record::RunDirectory{root}, archive, key, timestamp, summary);
  if (as_json) {
    write_document(fmt::format("{}\n", Json{{"archive", sealed.archive.string()},
                                            {"sha256", sealed.sha256},
                                            {"bytes", sealed.bytes},
                                            {"files", sealed.files},
                                            {"statement", sealed.statement.string()},
                                            {"signed", sealed.is_signed}}
                                           .dump(2)));
  } else {
    say(fmt::format("sealed {} ({}, sha256 {})\n{}: {}\n", sealed.archive.string(),
                    count_of(sealed.files, "file"), sealed.sha256,
                    sealed.is_signed ? "signed attestation" : "unsigned statement",
                    sealed.statement.string()));
  }
  return 0;
}

}  // namespace exitgate::cli
