#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"
#include "harness/registry/suite_artifact.h"
#include "harness/suites/tree.h"

namespace exitgate::suites {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::ThrowsMessage;

const registry::SuiteFiles kFiles = {{"ci.yaml", "exit-gate: A\n"}, {"more/db.yaml", std::string(2000, 'x')}};

TEST(SuiteArtifact, PacksTheSameFilesToTheSameBytes) {
  const auto tar = registry::pack_suite(kFiles);
  EXPECT_EQ(registry::unpack_suite(tar), kFiles);
  EXPECT_EQ(registry::pack_suite(registry::unpack_suite(tar)), tar);
  EXPECT_EQ(registry::layer_of_suite(registry::render_suite_manifest_json(tar)), digest::sha256_hex(tar));
}

TEST(SuiteArtifact, IsNoOtherArtifact) {
  auto manifest = registry::render_suite_manifest_json("x");
  EXPECT_THAT(
      [&] { registry::layer_of_suite("{}"); },
      ThrowsMessage<VerificationError>(HasSubstr("the artifact is not a suite of gates: its artifactType")));
  const auto layer = manifest.find("suite.v1.tar");
  EXPECT_THAT([&] { registry::layer_of_suite(manifest.replace(layer, 12, "evidence.tar")); },
              ThrowsMessage<VerificationError>(HasSubstr("its layer is not a tar of gate files")));
  EXPECT_THROW(registry::unpack_suite(std::string(10240, 'x')), VerificationError);
}

TEST(SuiteReference, MustHaveADigest) {
  const std::string hex(64, 'a');
  EXPECT_EQ(registry::parse_suite_reference("registry.example/team/gates@sha256:" + hex).sha256, hex);
  // A tag beside it says nothing.
  EXPECT_EQ(registry::parse_suite_reference("registry.example/team/gates:v1@sha256:" + hex).text,
            "registry.example/team/gates@sha256:" + hex);
  EXPECT_EQ(registry::parse_suite_reference("oci:/srv/gates:v1@sha256:" + hex).text,
            "oci:/srv/gates@sha256:" + hex);
  for (const std::string bad : {"registry.example/team/gates", "registry.example/team/gates:v1",
                                "oci:/srv/gates:v1", "registry.example/team/gates@sha256:abc"})
    EXPECT_THAT([&] { registry::parse_suite_reference(bad); },
                ThrowsMessage<UsageError>(HasSubstr("the reference has no digest")))
        << bad;
  EXPECT_THAT([&] { registry::parse_suite_reference("oci:gates@sha256:" + hex); },
              ThrowsMessage<UsageError>(HasSubstr("must be an absolute path")));
  EXPECT_THROW(registry::parse_suite_reference("--authfile=x/y@sha256:" + hex), UsageError);
}

TEST(OciTree, ReadsALayoutAndComparesEachBlob) {
  const TemporaryDirectory folder("oci-test");
  const auto blobs = folder.path() / "layout/blobs/sha256";
  fs::create_directories(blobs);
  const auto tar = registry::pack_suite(kFiles);
  const auto manifest = registry::render_suite_manifest_json(tar);
  const auto name = digest::sha256_hex(manifest);
  write_file(blobs / name, manifest);
  write_file(blobs / digest::sha256_hex(tar), tar);
  const auto reference = "oci:" + (folder.path() / "layout").string() + "@sha256:" + name;
  const auto tree = oci_tree(reference, ObjectCache(std::nullopt));
  EXPECT_EQ(tree->kind(""), Tree::Kind::folder);
  EXPECT_EQ(tree->kind("more"), Tree::Kind::folder);
  EXPECT_EQ(tree->kind("ci.yaml"), Tree::Kind::file);
  EXPECT_EQ(tree->kind("none.yaml"), Tree::Kind::nothing);
  EXPECT_THAT(tree->names(""), ElementsAre("ci.yaml"));
  EXPECT_EQ(tree->content("ci.yaml"), "exit-gate: A\n");
  EXPECT_EQ(tree->shown("ci.yaml"),
            "oci:" + (folder.path() / "layout").string() + "@sha256:" + name.substr(0, 12) + ":ci.yaml");
  EXPECT_EQ(tree->sealed("ci.yaml"), "included/oci-" + name + "/ci.yaml");

  auto changed = tar;
  changed[512] = 'E';
  write_file(blobs / digest::sha256_hex(tar), changed);
  EXPECT_THAT([&] { oci_tree(reference, ObjectCache(std::nullopt))->content("ci.yaml"); },
              ThrowsMessage<VerificationError>(HasSubstr("is not what its digest")));
  fs::remove(blobs / name);
  EXPECT_THAT([&] { oci_tree(reference, ObjectCache(std::nullopt))->content("ci.yaml"); },
              ThrowsMessage<Undecided>(HasSubstr("there is no such artifact")));
}

}  // namespace
}  // namespace exitgate::suites
