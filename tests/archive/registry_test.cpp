// Push and pull against a real registry (Debian's docker-registry), through the real client (skopeo).
#include "harness/registry/registry.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "harness/archive/seal.h"
#include "harness/archive/verify.h"
#include "harness/attest/sidecars.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"
#include "harness/json/json.h"
#include "harness/registry/oci_artifact.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {

using namespace registry;
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

class Registry : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* program : {"docker-registry", "skopeo"}) {
      if (!find_program(program)) GTEST_SKIP() << program << " is not installed";
    }
    write_sample_run(folder_.path() / "run");
    seal({.run = folder_.path() / "run", .archive = archive_});
  }
  // "127.0.0.1:43211" of a registry that has just started; with `auth`, lines of its configuration.
  std::string start(const std::string& auth = "") {
    write_file(folder_.path() / "registry.yml",
               fmt::format("version: 0.1\nstorage: {{filesystem: {{rootdirectory: {}}}}}\n"
                           "http: {{addr: \"127.0.0.1:0\"}}\n{}",
                           store().string(), auth));
    server_ = std::make_unique<Process>(
        Command{.arguments = {"/bin/sh", "-c", "exec docker-registry serve registry.yml 2>&1"},
                .directory = folder_.path()});
    for (;;) {
      const std::string line = server_->read_line();
      const std::string sign = "listening on ";
      if (const auto at = line.find(sign); at != std::string::npos) {
        const std::string rest = line.substr(at + sign.size());
        return rest.substr(0, rest.find_first_of("\", "));
      }
    }
  }
  fs::path store() const { return folder_.path() / "store"; }
  std::string shell(const std::string& script) const {
    const auto done =
        run({.arguments = {"/bin/sh", "-ec", script}, .directory = folder_.path(), .merge_error = true});
    EXPECT_TRUE(done.ok()) << done.output;
    return done.output;
  }
  // "message > hint" that an action ends with.
  template <typename Action>
  static std::string failure(Action action) {
    try {
      action();
    } catch (const Error& error) {
      return fmt::format("{} > {}", error.what(), error.hint());
    }
    return "nothing";
  }

  TemporaryDirectory folder_{"exitgate-registry"};
  fs::path archive_ = folder_.path() / "sample-1.tar.zst";
  std::unique_ptr<Process> server_;
  const registry::RegistryOptions plain_{.insecure = true};
};

TEST_F(Registry, KeepsAnArchiveWithWhatStandsBesideIt) {
  const std::string name = start() + "/team/evidence";
  shell("openssl genpkey -algorithm ed25519 -out k && openssl pkey -in k -pubout -out p");
  seal({.run = folder_.path() / "run", .archive = archive_, .key = (folder_.path() / "k").string()});
  const auto pushed = push(archive_, name, plain_);
  EXPECT_EQ(pushed.reference, name + ":sample-1");
  EXPECT_THAT(pushed.files, ElementsAre("sample-1.tar.zst", "sample-1.tar.zst.intoto.json"));
  // The same files are the same artifact, under whatever tag.
  EXPECT_EQ(push(archive_, name + ":again", plain_).digest, pushed.digest);

  for (const auto& reference :
       {name + ":sample-1", name + "@" + pushed.digest, "docker://" + name + ":sample-1@" + pushed.digest}) {
    const fs::path out = folder_.path() / "out";
    const auto pulled = pull(reference, out, plain_);
    EXPECT_EQ(pulled.digest, pushed.digest);
    EXPECT_EQ(pulled.files, pushed.files);
    EXPECT_EQ(digest::sha256_file(out / "sample-1.tar.zst"), digest::sha256_file(archive_));
    EXPECT_TRUE(verify(out / "sample-1.tar.zst", {.key = (folder_.path() / "p").string()}).good());
    std::size_t left = 0;
    for ([[maybe_unused]] const auto& entry : fs::directory_iterator(out)) ++left;
    EXPECT_EQ(left, 2U);
    // Pulling it again over the same files does no harm.
    EXPECT_EQ(pull(reference, out, plain_).digest, pushed.digest);
    fs::remove_all(out);
  }

  // What others see of it.
  const auto manifest =
      Json::parse(shell("skopeo inspect --raw --tls-verify=false docker://" + name + ":again"));
  EXPECT_EQ(manifest["artifactType"], kArtifactType);
  EXPECT_EQ(manifest["config"]["mediaType"], kArtifactType);
  EXPECT_EQ(manifest["annotations"]["org.opencontainers.image.revision"], kCommit);
  EXPECT_EQ(manifest["layers"][0]["mediaType"], "application/vnd.exitgate.archive.v1.tar+zstd");
  EXPECT_EQ(manifest["layers"][1]["mediaType"], "application/vnd.dsse.envelope.v1+json");
}

TEST_F(Registry, SaysWhatTheRegistrySays) {
  const std::string host = start();
  const std::string name = host + "/team/evidence:1";
  const auto pushing = [&](const std::string& to, const registry::RegistryOptions& options) {
    return failure([&] { push(archive_, to, options); });
  };
  EXPECT_EQ(pushing(name, {}), fmt::format("cannot push to {}: the registry speaks HTTP without TLS > give "
                                           "--insecure when that is meant",
                                           name));
  EXPECT_EQ(failure([&] { pull(host + "/team/evidence:none", folder_.path() / "out", plain_); }),
            fmt::format("cannot pull {}/team/evidence:none: the registry has no such artifact > are the name "
                        "and the tag right?",
                        host));
  for (const auto* wrong :
       {"evidence", "-x/y:1", "joe:hunter2@registry.example/x:1", "registry.example/x y",
        "registry.example/x:a:b", "https://registry.example/x", "library/x:1", "registry.example/Team/x:1"}) {
    EXPECT_EQ(pushing(wrong, plain_),
              "the reference names no repository of a registry > give it as HOST/NAME:TAG or "
              "HOST/NAME@sha256:…; logins belong to `skopeo login HOST`");
  }
  EXPECT_THAT(failure([&] { pull(host + "/team/evidence", "out", plain_); }),
              StartsWith("the reference has neither a tag nor a digest"));
  EXPECT_THAT(pushing(host + "/x@sha256:" + std::string(64, '0'), plain_),
              StartsWith("a digest is given by the registry"));
  server_.reset();
  EXPECT_EQ(
      pushing(name, plain_),
      fmt::format("cannot push to {}: no registry answers there > is it running, and is the port right?",
                  name));
}

TEST_F(Registry, AsksForALoginAndNeverShowsIt) {
  if (!find_program("perl")) GTEST_SKIP() << "no perl, whose crypt() makes the registry's password file";
  write_file(folder_.path() / "htpasswd", "joe:" +
                                              shell("perl -e 'print crypt(\"hunter2-word\", "
                                                    "\"\\$2b\\$05\\$abcdefghijklmnopqrstuu\")'") +
                                              "\n");
  const std::string host = start("auth: {htpasswd: {realm: r, path: htpasswd}}\n");
  const std::string name = host + "/team/evidence:1";
  const std::string refused = failure([&] { push(archive_, name, plain_); });
  EXPECT_EQ(refused,
            fmt::format("cannot push to {}: the registry asks for a login, or refuses the one it got "
                        "> log in with `skopeo login {}`, or give --authfile",
                        name, host));
  registry::RegistryOptions with = plain_;
  with.auth_file = folder_.path() / "auth.json";
  const auto log_in = [&](const std::string& word) {
    // As `skopeo login` writes it.
    const std::string pair = shell("printf 'joe:" + word + "' | base64 -w0");
    write_file(*with.auth_file, Json{{"auths", {{host, {{"auth", pair}}}}}}.dump());
  };
  log_in("wrong-word");
  const std::string wrong = failure([&] { push(archive_, name, with); });
  EXPECT_THAT(wrong, HasSubstr("the registry asks for a login, or refuses the one it got"));
  EXPECT_THAT(wrong, testing::Not(HasSubstr("wrong-word")));
  log_in("hunter2-word");
  EXPECT_EQ(push(archive_, name, with).files.size(), 2U);
  EXPECT_EQ(pull(name, folder_.path() / "out", with).files.size(), 2U);
}

TEST_F(Registry, RejectsADamagedArchiveBeforeAnythingIsPushed) {
  const std::string host = start();
  std::string bytes = read_file(archive_);
  bytes[bytes.size() / 2] ^= 1;
  write_file(archive_, bytes);
  EXPECT_THAT(failure([&] { push(archive_, host + "/x:1", plain_); }),
              StartsWith("sample-1.tar.zst: framing: "));
  EXPECT_FALSE(fs::exists(store() / "docker"));
}

TEST_F(Registry, RejectsWhatTheRegistryHasMadeOfIt) {
  const std::string host = start();
  const std::string name = host + "/team/evidence:1";
  const auto pushed = push(archive_, name, plain_);
  const fs::path out = folder_.path() / "out";
  const auto pulling = [&](const std::string& reference) {
    return failure([&] { pull(reference, out, plain_); });
  };
  // Another content under the blob's name.
  const std::string digest = digest::sha256_file(archive_);
  const fs::path blob = store() / "docker/registry/v2/blobs/sha256" / digest.substr(0, 2) / digest / "data";
  const std::string good = read_file(blob);
  std::string bad = good;
  bad[bad.size() / 2] ^= 1;
  write_file(blob, bad);
  EXPECT_THAT(pulling(name), testing::AnyOf(HasSubstr("is not what its digest says"), HasSubstr("igest")));
  write_file(blob, good);
  // A file of that name is there already.
  write_file(out / "sample-1.tar.zst", "mine");
  EXPECT_THAT(pulling(name), HasSubstr("is there already, with another content > give --out another folder"));
  EXPECT_EQ(read_file(out / "sample-1.tar.zst"), "mine");
  fs::remove(out / "sample-1.tar.zst");
  EXPECT_TRUE(fs::is_empty(out));
  EXPECT_THAT(pulling(host + "/team/evidence@sha256:" + std::string(64, '1')),
              HasSubstr("the registry has no such artifact"));
}

TEST_F(Registry, RejectsWhatIsNotEvidence) {
  const std::string host = start();
  // Pushed past our own push: manifests made by hand.
  const auto hand_made = [&](const auto& change) {
    auto files = artifact_files(archive_, digest::sha256_file(archive_));
    auto manifest = Json::parse(render_manifest_json(files, ""));
    change(manifest);
    const fs::path layout = folder_.path() / "layout";
    fs::remove_all(layout);
    write_layout(layout, folder_.path(), files, manifest.dump());
    shell("skopeo --insecure-policy copy -q --preserve-digests --dest-tls-verify=false oci:layout docker://" +
          host + "/team/other:1");
    return failure([&] { pull(host + "/team/other:1", folder_.path() / "out", plain_); });
  };
  const auto title = [](Json& manifest, std::size_t layer) -> Json& {
    return manifest["layers"][layer]["annotations"]["org.opencontainers.image.title"];
  };
  EXPECT_EQ(hand_made([](auto&) {}), "nothing");
  fs::remove_all(folder_.path() / "out");
  EXPECT_THAT(hand_made([](auto& manifest) {
                manifest["config"]["mediaType"] = "application/vnd.oci.image.config.v1+json";
                manifest.erase("artifactType");
              }),
              HasSubstr("it is not evidence of Exitgate, but something else that the registry holds"));
  EXPECT_THAT(hand_made([&](auto& manifest) { title(manifest, 0) = "../../etc/cron.d/x.tar.zst"; }),
              HasSubstr("which is not a plain name"));
  EXPECT_THAT(hand_made([&](auto& manifest) { title(manifest, 0) = ".bashrc"; }),
              HasSubstr("names a file '.bashrc', which is not a plain name"));
  EXPECT_THAT(hand_made([&](auto& manifest) { title(manifest, 0) = "x.txt"; }),
              HasSubstr("names no archive first"));
  EXPECT_THAT(hand_made([&](auto& manifest) { title(manifest, 1) = "authorized_keys"; }),
              HasSubstr("names 'authorized_keys', which does not belong to sample-1.tar.zst"));
  EXPECT_THAT(hand_made([&](auto& manifest) { title(manifest, 1) = "sample-1.tar.zst"; }),
              HasSubstr("names 'sample-1.tar.zst' twice"));
  // Whole and of the right form, and the statement is about another archive.
  write_file(attest::statement_path(archive_), "{}");
  EXPECT_THAT(hand_made([](auto&) {}), StartsWith("sample-1.tar.zst: attestation: "));
  EXPECT_FALSE(fs::exists(folder_.path() / "out" / "sample-1.tar.zst"));
}

TEST(RegistryWithoutAClient, NamesWhatIsMissing) {
  const TemporaryDirectory folder("exitgate-registry");
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", folder.path().c_str(), 1);
  std::string said;
  try {
    pull("registry.example/x:1", folder.path());
  } catch (const UsageError& error) {
    said = fmt::format("{} > {}", error.what(), error.hint());
  }
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(
      said,
      "skopeo is not installed, and registries are talked to by it > install it: apt-get install skopeo");
}

}  // namespace
}  // namespace exitgate::archive
