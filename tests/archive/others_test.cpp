// What other people's tools say of our archives and attestations.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/archive/seal.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

TEST(Others, AcceptEachFormAndEachKind) {
  if (!find_program("openssl") || !find_program("python3")) GTEST_SKIP() << "no openssl or no python3";
  const TemporaryDirectory folder("exitgate-others");
  write_sample_run(folder.path() / "run");
  const auto shell = [&](const std::string& script) {
    return run({.arguments = {"/bin/bash", "-ec", script}, .directory = folder.path(), .merge_error = true});
  };
  const struct {
    const char* archive;
    const char* key;
  } cases[] = {{"a.tar.zst", "-algorithm ed25519"},
               {"b.tar.gz", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"},
               {"c.zip", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"},
               {"d.zip", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"}};
  for (const auto& [name, kind] : cases) {
    SCOPED_TRACE(name);
    ASSERT_TRUE(
        shell(fmt::format("openssl genpkey {} -out k && openssl pkey -in k -pubout -out p", kind)).ok());
    const fs::path archive = folder.path() / name;
    seal({.run = folder.path() / "run", .archive = archive, .key = (folder.path() / "k").string()});
    const auto finished = shell(fmt::format("{} {} p", VERIFY_WITH_OTHERS, name));
    EXPECT_EQ(finished.exit_code, 0) << finished.output;
    EXPECT_THAT(finished.output, HasSubstr("Python         accepted"));
    EXPECT_THAT(finished.output, HasSubstr("openssl        accepted"));
    EXPECT_THAT(finished.output, Not(HasSubstr("rejected")));
    // They do look: another archive under the attestation's name.
    write_file(archive, read_file(archive) + "x");
    const auto changed = shell(fmt::format("{} {} p", VERIFY_WITH_OTHERS, name));
    EXPECT_EQ(changed.exit_code, 1) << changed.output;
    EXPECT_THAT(changed.output, HasSubstr("openssl        rejected"));
  }
}

}  // namespace
}  // namespace exitgate::archive
