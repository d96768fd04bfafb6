// Keys on a token: SoftHSM's, through libp11's engine or a provider, whichever this machine has.
#include "harness/attest/pkcs11.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "harness/archive/seal.h"
#include "harness/archive/verify.h"
#include "harness/attest/signing.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {

using namespace attest;
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr std::string_view kModule = "/usr/lib/softhsm/libsofthsm2.so";
constexpr std::string_view kPin = "4711-0815";

std::string uri(std::string_view object) {
  return fmt::format("pkcs11:token=exitgate;object={}", object);
}

std::string refusal(const std::string& source, const std::string& pin) {
  try {
    Key::load_private(source, pin);
    return "loaded";
  } catch (const UsageError& error) {
    return fmt::format("{} > {}", error.what(), error.hint());
  }
}

// One token for all tests: the module is started once in a process.
class Pkcs11 : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!find_program("softhsm2-util") || !find_program("openssl") || !fs::exists(kModule)) return;
    token_ = std::make_unique<TemporaryDirectory>("exitgate-token");
    fs::create_directory(token_->path() / "tokens");
    write_file(token_->path() / "softhsm2.conf",
               fmt::format("directories.tokendir = {}\nobjectstore.backend = file\nlog.level = ERROR\n",
                           (token_->path() / "tokens").string()));
    ::setenv("SOFTHSM2_CONF", (token_->path() / "softhsm2.conf").c_str(), 1);
    ::setenv("PKCS11_MODULE_PATH", kModule.data(), 1);
    shell(fmt::format("softhsm2-util --init-token --free --label exitgate --so-pin 0000 --pin {}", kPin));
    const std::pair<std::string_view, std::string_view> kinds[] = {
        {"p256", "-algorithm EC -pkeyopt ec_paramgen_curve:P-256"},
        {"p384", "-algorithm EC -pkeyopt ec_paramgen_curve:P-384"},
        {"rsa", "-algorithm RSA -pkeyopt rsa_keygen_bits:2048"},
    };
    int number = 10;
    for (const auto& [name, options] : kinds) {
      shell(
          fmt::format("openssl genpkey {0} -out {1}.pem && openssl pkey -in {1}.pem -pubout -out {1}.pub && "
                      "softhsm2-util --import {1}.pem --token exitgate --label {1} --id {2} --pin {3}",
                      options, name, ++number, kPin));
    }
  }
  static void TearDownTestSuite() { token_.reset(); }
  void SetUp() override {
    if (!token_) GTEST_SKIP() << "softhsm2 or openssl is not installed";
    const std::string answer = refusal(uri("none"), "");
    if (answer.find("neither a provider nor an engine") != std::string::npos)
      GTEST_SKIP() << "OpenSSL has no way to tokens here: libengine-pkcs11-openssl is not installed";
  }
  static void shell(const std::string& command) {
    const ProcessResult done = run({.arguments = {"sh", "-ec", command}, .directory = token_->path()});
    ASSERT_TRUE(done.exit_code == 0) << command << "\n" << done.output << done.error;
  }
  static inline std::unique_ptr<TemporaryDirectory> token_;
};

TEST_F(Pkcs11, SignsWithKeysThatStayOnTheToken) {
  const std::pair<std::string_view, std::string_view> kinds[] = {
      {"p256", "ECDSA P-256"}, {"p384", "ECDSA P-384"}, {"rsa", "RSA-PSS 2048"}};
  for (const auto& [name, algorithm] : kinds) {
    const Key on_token = Key::load_private(uri(name), std::string(kPin));
    const Key in_file = Key::load_public((token_->path() / fmt::format("{}.pub", name)).string());
    EXPECT_EQ(on_token.algorithm(), algorithm);
    EXPECT_EQ(on_token.id(), in_file.id()) << name;
    const std::string signature = on_token.sign("what was tested");
    EXPECT_TRUE(in_file.verify("what was tested", signature)) << name;
    EXPECT_FALSE(in_file.verify("what was not", signature)) << name;
    EXPECT_TRUE(Key::load_public(uri(name)).verify("what was tested", signature)) << name;
  }
}

TEST_F(Pkcs11, AnArchiveIsSealedWithTheTokenAndVerifiedWithThePublicKey) {
  const TemporaryDirectory folder("exitgate-pkcs11");
  write_sample_run(folder.path() / "run");
  const fs::path archive = folder.path() / "sample.tar.zst";
  const auto sealed = seal({.run = folder.path() / "run",
                            .archive = archive,
                            .key = uri("p256"),
                            .key_passphrase = std::string(kPin)});
  EXPECT_TRUE(sealed.is_signed);
  const auto verified = verify(archive, {.key = (token_->path() / "p256.pub").string()});
  const auto attestation = std::find_if(verified.claims.begin(), verified.claims.end(),
                                        [](const Claim& claim) { return claim.name == "attestation"; });
  ASSERT_NE(attestation, verified.claims.end());
  EXPECT_EQ(attestation->status, Claim::proven);
  EXPECT_THAT(attestation->detail, HasSubstr("ECDSA P-256 signature by key "));
  for (const auto& entry : fs::recursive_directory_iterator(folder.path())) {
    if (entry.is_regular_file()) {
      EXPECT_THAT(read_file(entry.path()), Not(HasSubstr(kPin))) << entry.path();
    }
  }
}

TEST_F(Pkcs11, ThePinMayStandInAFile) {
  write_file(token_->path() / "pin", kPin);
  EXPECT_EQ(refusal(fmt::format("{}?pin-source=file:{}", uri("p256"), (token_->path() / "pin").string()), ""),
            "loaded");
}

// In a process of its own: one that logged in stays so.
TEST_F(Pkcs11, AMissingOrWrongPinIsSaid) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const auto refused = [](const std::string& pin) {
    std::fputs(refusal(uri("p256"), pin).c_str(), stderr);
    std::exit(0);
  };
  EXPECT_EXIT(refused(""), testing::ExitedWithCode(0),
              "^the token gives no private key for pkcs11:token=exitgate;object=p256: it asks for a PIN > "
              "give the PIN in EXITGATE_KEY_PASSPHRASE, or name a file: .pin-source=file:PATH$");
  EXPECT_EXIT(refused("1234"), testing::ExitedWithCode(0),
              "^the token gives no private key for pkcs11:token=exitgate;object=p256: PIN incorrect > ");
}

TEST_F(Pkcs11, WhatIsNotThereIsSaidWithoutThePin) {
  EXPECT_EQ(refusal(fmt::format("{}?pin-value={}", uri("other"), kPin), ""),
            "the token gives no private key for pkcs11:token=exitgate;object=other?pin-value=***: object not "
            "found > "
            "p11tool --list-all shows what a token holds");
  EXPECT_THAT(refusal("pkcs11:token=nowhere", std::string(kPin)), HasSubstr("object not found"));
  EXPECT_THAT(refusal("pkcs11:\n%zz", std::string(kPin)), HasSubstr("the token gives no private key"));
}

TEST_F(Pkcs11, APrivateKeyWithoutItsPublicOneIsRejected) {
  if (!find_program("pkcs11-tool")) GTEST_SKIP() << "opensc is not installed";
  shell(
      fmt::format("softhsm2-util --import p384.pem --token exitgate --label lone --id 77 --pin {0} && "
                  "pkcs11-tool --module {1} --login --pin {0} --delete-object --type pubkey --id 77",
                  kPin, kModule));
  EXPECT_THAT(refusal(uri("lone"), std::string(kPin)),
              AllOf(HasSubstr("the key does not come with its public key: "),
                    HasSubstr(" > write the public key to the token too, with the same id and label")));
}

TEST(Pkcs11Source, APinIsNotShown) {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"pkcs11:token=a?pin-value=secret", "pkcs11:token=a?pin-value=***"},
      {"pkcs11:token=a?pin-value=secret&module-name=b", "pkcs11:token=a?pin-value=***&module-name=b"},
      {"pkcs11:pin-value=one;object=b?pin-value=two", "pkcs11:pin-value=***;object=b?pin-value=***"},
      {"pkcs11:token=a?pin-source=file:/pin", "pkcs11:token=a?pin-source=file:/pin"},
      {"pkcs11:token=a?pin-value=", "pkcs11:token=a?pin-value=***"},
      {"key.pem", "key.pem"},
  };
  for (const auto& [source, shown] : cases) EXPECT_EQ(shown_source(source), shown);
}

TEST(Pkcs11Source, WithoutAProviderAndAnEngineItIsSaidWhatToInstall) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(
      {
        ::setenv("OPENSSL_ENGINES", "/nonexistent", 1);
        std::fputs(refusal("pkcs11:token=a?pin-value=secret", "").c_str(), stderr);
        std::exit(0);
      },
      testing::ExitedWithCode(0),
      "cannot open the key pkcs11:token=a.pin-value=...: OpenSSL has neither a provider nor an engine for "
      "PKCS#11 > "
      "install pkcs11-provider, or on Debian 12 libengine-pkcs11-openssl");
}

}  // namespace
}  // namespace exitgate::archive
