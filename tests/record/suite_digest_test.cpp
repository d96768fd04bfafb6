#include "harness/record/suite_digest.h"

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/digest/digest.h"

namespace exitgate::record {
namespace {

TEST(SuiteDigest, IsWhatTheDocumentedCommandPrints) {
  const TemporaryDirectory folder;
  // Sorted by the bytes of the whole path: '-' is before '/'.
  for (const char* name :
       {"gates/EG-A1.kept.json", "gates-more.yaml", "EG-A1.yaml", "a b.yaml", "\xC3\xA4.yaml"}) {
    write_file(folder.path() / "suite" / name, name);
  }
  write_file(folder.path() / "run.json", "{}");
  const auto printed = run({.arguments = {"/bin/sh", "-c",
                                          "find suite -type f | LC_ALL=C sort | tr '\\n' '\\0' | "
                                          "xargs -0 sha256sum | sha256sum"},
                            .directory = folder.path()});
  ASSERT_TRUE(printed.ok()) << printed.error;
  EXPECT_EQ(suite_digest(folder.path()), printed.output.substr(0, 64));
}

TEST(SuiteDigest, OfAManifestIsThatOfTheFiles) {
  const TemporaryDirectory folder;
  write_file(folder.path() / "suite" / "EG-A1.yaml", "one");
  write_file(folder.path() / "suite" / "gates" / "a.json", "two");
  const std::vector<digest::ManifestEntry> bag = {{"data/suite/gates/a.json", 3, digest::sha256_hex("two")},
                                                  {"data/run.json", 2, digest::sha256_hex("{}")},
                                                  {"data/suite/EG-A1.yaml", 3, digest::sha256_hex("one")}};
  EXPECT_EQ(suite_digest(bag, "data/"), suite_digest(folder.path()));
  EXPECT_EQ(suite_digest(bag), "");
  EXPECT_EQ(suite_digest(folder.path() / "suite"), "");
}

}  // namespace
}  // namespace exitgate::record
