#include "harness/archive/seal.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "harness/attest/attestation.h"
#include "harness/attest/sidecars.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/digest/digest.h"
#include "harness/json/json.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {

using namespace attest;
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class Seal : public testing::Test {
 protected:
  Seal() : folder_("exitgate-seal"), run_(folder_.path() / "run") { write_sample_run(run_); }
  archive::SealOptions options(const std::string& name = "sample.tar.zst") const {
    return {.run = run_, .archive = folder_.path() / "out" / name};
  }
  // The message that sealing ends with.
  std::string refusal(const archive::SealOptions& with) const {
    try {
      seal(with);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  std::string shell(const std::string& script, const fs::path& directory) const {
    const auto done =
        run({.arguments = {"/bin/sh", "-ec", script}, .directory = directory, .merge_error = true});
    return fmt::format("{}{}", done.output, done.ok() ? "" : done.outcome());
  }
  TemporaryDirectory folder_;
  fs::path run_;
};

TEST_F(Seal, MakesABagThatReadsBack) {
  const auto sealed = seal(options());
  EXPECT_EQ(sealed.files, 16U);
  EXPECT_EQ(sealed.sha256, digest::sha256_file(sealed.archive));
  EXPECT_EQ(sealed.bytes, fs::file_size(sealed.archive));
  EXPECT_THAT(sealed.problems, IsEmpty());
  const Bag bag = archive::read_bag(sealed.archive);
  EXPECT_EQ(bag.folder, "sample");
  EXPECT_EQ(bag.sha256, sealed.sha256);
  EXPECT_EQ(bag.payload.size(), 16U);
  EXPECT_THAT(bag.checksum_problems, IsEmpty());
  EXPECT_THAT(bag.completeness_problems, IsEmpty());
  EXPECT_EQ(info_value(bag.info, "Exitgate-Commit"), kCommit);
  EXPECT_EQ(info_value(bag.info, "Exitgate-Verdicts"), "1 pass, 1 fail, 1 skip, 0 error, 0 not evaluated");
  EXPECT_EQ(info_value(bag.info, "Bagging-Date"), "2026-11-23");
  // Nothing else is left beside it.
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(sealed.archive.parent_path()))
    names.push_back(entry.path().filename());
  EXPECT_THAT(names, testing::UnorderedElementsAre("sample.tar.zst", "sample.tar.zst.statement.json"));
}

TEST_F(Seal, GivesTheSameBytesWhateverTheSurroundings) {
  // Long enough for several compression jobs.
  std::string log;
  for (int line = 0; line < 200000; ++line)
    log += fmt::format("line {} of a log, {}\n", line, line * 2654435761U);
  write_file(run_ / "logs" / "long.log", log);
  write_file(run_ / "logs" /
                 "pr\xC3\xBC"
                 "fung.log",
             "x\n");
  write_file(run_ / "logs" / (std::string(120, 'n') + ".log"), "x\n");
  for (const std::string name : {"a.tar.zst", "a.tar.gz", "a.zip"}) {
    auto first = options(name);
    first.threads = 1;
    const auto one = seal(first);
    const std::string bytes = read_file(one.archive);
    // Other times, modes, order of creation, umask, time zone, locale, number of threads.
    const fs::path copy = folder_.path() / "copy";
    fs::remove_all(copy);
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(run_)) {
      if (entry.is_regular_file()) files.push_back(entry.path());
    }
    std::sort(files.rbegin(), files.rend());
    for (const auto& file : files) {
      const fs::path to = copy / fs::relative(file, run_);
      fs::create_directories(to.parent_path());
      fs::copy_file(file, to);
      fs::permissions(to, fs::perms::owner_all);
    }
    ::setenv("TZ", "Pacific/Kiritimati", 1);
    ::setenv("LC_ALL", "POSIX", 1);
    ::tzset();
    const mode_t mask = ::umask(0077);
    auto second = options(name);
    second.run = copy;
    second.archive = folder_.path() / "elsewhere" / name;
    second.threads = 4;
    const auto two = seal(second);
    ::umask(mask);
    ::unsetenv("TZ");
    ::unsetenv("LC_ALL");
    ::tzset();
    EXPECT_EQ(one.sha256, two.sha256) << name;
    EXPECT_TRUE(bytes == read_file(two.archive)) << name;
  }
}

TEST_F(Seal, GivesTheSameBytesUnderAnotherUser) {
  if (::getuid() != 0) GTEST_SKIP() << "only root can become another user";
  constexpr uid_t kNobody = 65534;
  const auto mine = seal(options());
  const fs::path out = folder_.path() / "theirs";
  fs::create_directories(out);
  ASSERT_EQ(::chown(out.c_str(), kNobody, kNobody), 0);
  fs::permissions(folder_.path(), fs::perms::others_all, fs::perm_options::add);
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 1;
    try {
      if (::setgroups(0, nullptr) == 0 && ::setgid(kNobody) == 0 && ::setuid(kNobody) == 0) {
        seal({.run = run_, .archive = out / "sample.tar.zst"});
        code = 0;
      }
    } catch (const std::exception& error) {
      fmt::print(stderr, "{}\n", error.what());
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_EQ(status, 0);
  struct stat theirs {};
  ASSERT_EQ(::stat((out / "sample.tar.zst").c_str(), &theirs), 0);
  EXPECT_EQ(theirs.st_uid, kNobody);
  EXPECT_EQ(digest::sha256_file(out / "sample.tar.zst"), mine.sha256);
}

TEST_F(Seal, IsReadByOthers) {
  write_file(run_ / "logs" /
                 "pr\xC3\xBC"
                 "fung.log",
             "umlaut\n");
  write_file(run_ / "logs" / (std::string(120, 'n') + ".log"), "long\n");
  write_file(run_ / (std::string(90, 'd') + "/" + std::string(90, 'e') + "/" + std::string(99, 'f')),
             "deep\n");
  for (const std::string name : {"sample.tar.zst", "sample.tar.gz"}) {
    const auto sealed = seal(options(name));
    const struct {
      const char* tool;
      std::string unpack;
    } readers[] = {{"tar", "tar xf {0}"},
                   {"bsdtar", "bsdtar xf {0}"},
                   {"python3",
                    "{1} | python3 -c 'import sys, tarfile; tarfile.open(fileobj=sys.stdin.buffer, "
                    "mode=\"r|\").extractall(\".\")'"}};
    for (const auto& [tool, unpack] : readers) {
      if (!find_program(tool)) continue;
      SCOPED_TRACE(std::string(tool) + " " + name);
      const fs::path to = folder_.path() / fmt::format("{}-{}", tool, name);
      fs::create_directories(to);
      const std::string decompress =
          fmt::format("{} -dc {}", name.ends_with("gz") ? "gzip" : "zstd", sealed.archive.string());
      const std::string said = shell(
          "export LC_ALL=C.UTF-8; " + fmt::format(fmt::runtime(unpack), sealed.archive.string(), decompress),
          to);
      EXPECT_EQ(said, "");
      const std::string checked =
          shell("sha256sum --strict -c manifest-sha256.txt && sha256sum --strict -c tagmanifest-sha256.txt",
                to / "sample");
      EXPECT_THAT(checked, testing::Not(HasSubstr("FAILED")));
      EXPECT_THAT(checked, testing::Not(HasSubstr("exit code")));
      EXPECT_THAT(checked, HasSubstr("data/logs/ctest.log: OK"));
      EXPECT_EQ(read_file(to / "sample" / "data" / "run.json"), read_file(run_ / "run.json"));
      EXPECT_EQ(shell(fmt::format("diff -r {} data | grep -v 'Only in .*: empty' || true", run_.string()),
                      to / "sample"),
                "");
    }
  }
}

TEST_F(Seal, SealsAnIncompleteRunAndSaysSo) {
  fs::remove(run_ / "EVIDENCE.md");
  write_file(run_ / "junit.xml", "");
  write_file(run_ / "schema" / "schema.sql", "-- another\n");
  try {
    seal(options());
    FAIL() << "incomplete evidence was taken as complete";
  } catch (const Incomplete& incomplete) {
    EXPECT_THAT(incomplete.sealed.problems,
                ElementsAre("EVIDENCE.md is missing", "junit.xml is empty",
                            "schema/schema.sql is not the file that was written as schema-dump"));
    EXPECT_EQ(incomplete.exit(), Exit::undecided);
    const Bag bag = archive::read_bag(incomplete.sealed.archive);
    EXPECT_EQ(info_value(bag.info, "Exitgate-Incomplete"), "EVIDENCE.md is missing");
    EXPECT_THAT(read_file(incomplete.sealed.statement), HasSubstr("\"result\":\"FAILED\""));
  }
}

TEST_F(Seal, PacksOnlyTheMembersThatAreNamed) {
  write_file(run_ / "scratch" / "notes.txt", "postgresql://app:hunter2@db/x\n");
  write_file(run_ / "run.json.bak", "{}");
  auto some = options();
  some.members = {"run.json", "EVIDENCE.md", "junit.xml", "suite", "facts", "verdicts", "schema", "reports"};
  some.info = {{"Exitgate-Commit", "another"}, {"Exitgate-Outcome", "fail"}};
  const auto sealed = seal(some);
  const Bag bag = archive::read_bag(sealed.archive);
  EXPECT_EQ(bag.payload.size(), 14U);
  EXPECT_EQ(info_value(bag.info, "Exitgate-Commit"), kCommit);
  EXPECT_EQ(info_value(bag.info, "Exitgate-Outcome"), "fail");
  for (const auto& file : bag.payload) EXPECT_THAT(file.path, testing::Not(HasSubstr("scratch")));
}

TEST_F(Seal, NamesGatesThatWereNotEvaluated) {
  fs::remove(run_ / "verdicts" / "EG-CG1.docs.json");
  const auto sealed = seal(options());
  const Bag bag = archive::read_bag(sealed.archive);
  EXPECT_EQ(info_value(bag.info, "Exitgate-Not-Evaluated"), "EG-CG1.docs");
  EXPECT_EQ(info_value(bag.info, "Exitgate-Verdicts"), "1 pass, 0 fail, 1 skip, 0 error, 1 not evaluated");
}

TEST_F(Seal, LeavesOutNamesThatABagCannotCarryAndSaysWhich) {
  const struct {
    std::string name;
    std::string message;
  } cases[] = {
      {"logs/a\nb", "'logs/a b' has a line break in its name"},
      {"logs/a\\b", "has a backslash in its name"},
      {"logs/a%0Ab", "has '%0a' in its name"},
      {"logs/a ", "has a space at the end of a name"},
      {"logs/ a", "has a space at the end of a name"},
      {"logs/a%25b", "has '%25' in its name"},
      {"logs/a\rb", "has a line break in its name"},
      {"logs/\xff", "has a name that is not UTF-8"},
      {"logs/CTEST.log", "'logs/CTEST.log' differs only in case from another name"},
      {"logs/a\x01", "has a control character in its name"},
  };
  for (const auto& [name, message] : cases) {
    std::ofstream(run_ / name) << "x";
    EXPECT_THAT(
        refusal(options()),
        testing::AllOf(testing::StartsWith("the evidence is incomplete: left out: '"), HasSubstr(message)));
    const Bag bag = archive::read_bag(options().archive);
    EXPECT_EQ(bag.payload.size(), 16U);
    EXPECT_EQ(info_value(bag.info, "Exitgate-Outcome"), "fail");
    fs::remove(run_ / name);
    fs::remove(options().archive);
  }
  fs::create_symlink("/etc/passwd", run_ / "logs" / "link");
  EXPECT_EQ(refusal(options()), "logs/link is a symbolic link: only regular files can be sealed");
  fs::remove(run_ / "logs" / "link");
  EXPECT_FALSE(fs::exists(options().archive));
  EXPECT_EQ(refusal(options("x.rar")), "'x.rar' does not say what kind of archive it is");
  auto none = options();
  none.run = folder_.path() / "none";
  EXPECT_THAT(refusal(none), HasSubstr("is not a run directory"));
}

// What `bagit.py --validate` takes: it compares names in their composed form.
TEST_F(Seal, LeavesOutOneOfTwoNamesThatDifferInTheirNormalization) {
  write_file(run_ / "logs" / "caf\xC3\xA9 100%.log", "composed");
  EXPECT_EQ(refusal(options()), "");
  write_file(run_ / "logs" / "cafe\xCC\x81 100%.log", "decomposed");
  EXPECT_EQ(refusal(options()),
            "the evidence is incomplete: left out: 'logs/cafe\xCC\x81 100%.log' differs only in its Unicode "
            "normalization from another name");
  write_file(run_ / "logs" / "CAF\xC3\x89 100%.log", "upper case");
  EXPECT_THAT(refusal(options()), HasSubstr("left out: 'logs/CAF\xC3\x89 100%.log' differs only in case"));
  const Bag bag = archive::read_bag(options().archive);
  EXPECT_EQ(bag.payload.size(), 17U);
  if (find_program("python3") && run({.arguments = {"python3", "-c", "import bagit"}}).ok()) {
    const auto valid = run({.arguments = {"/bin/sh", "-ec",
                                          "tar --zstd -xf \"$1\" && python3 -c 'import bagit, sys; "
                                          "bagit.Bag(sys.argv[1]).validate()' sample",
                                          "sh", options().archive.string()},
                            .directory = folder_.path(),
                            .merge_error = true});
    EXPECT_TRUE(valid.ok()) << valid.output;
  }
}

TEST_F(Seal, RejectsASecretInTheClear) {
  write_file(run_ / "logs" / "app.log", "ok\nconnecting to postgresql://app:hunter2@db/x\n");
  const std::string message = refusal(options());
  EXPECT_THAT(message, HasSubstr("logs/app.log: line 2: password in a URL"));
  EXPECT_THAT(message, testing::Not(HasSubstr("hunter2")));
  EXPECT_FALSE(fs::exists(options().archive));
}

TEST_F(Seal, LeavesOutWhatHoldsASecretAndSaysSo) {
  write_file(run_ / "logs" / "app.log",
             "ok\nconnecting to postgresql://app:hunter2@db/x\nPGPASSWORD=hunter3\n");
  auto withholding = options();
  withholding.secrets = archive::SealOptions::withhold_secrets;
  const std::string said = "withheld, looks like a secret: logs/app.log: line 2: password in a URL";
  EXPECT_EQ(refusal(withholding), "the evidence is incomplete: " + said);
  const Bag bag = archive::read_bag(withholding.archive);
  EXPECT_EQ(bag.payload.size(), 16U);
  EXPECT_EQ(info_value(bag.info, "Exitgate-Incomplete"), said);
  for (const auto& file : bag.payload) EXPECT_NE(file.path, "data/logs/app.log");
  // One kind in one file is a false alarm, says a person; the other is still there.
  withholding.accepted = {"logs/app.log:password in a URL"};
  EXPECT_EQ(refusal(withholding),
            "the evidence is incomplete: withheld, looks like a secret: logs/app.log: line 3: password");
  withholding.accepted.push_back("logs/app.log:password");
  EXPECT_EQ(refusal(withholding), "");
}

TEST_F(Seal, LeavesNothingOnAFullDisk) {
  // No device is needed: a limit on the size of files gives the same failure at any byte.
  const auto before = seal(options());
  const std::string old = read_file(before.archive);
  write_file(run_ / "logs" / "more.log", "more\n");
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit { 100, 100 };
    ::setrlimit(RLIMIT_FSIZE, &limit);
    int code = 1;
    try {
      seal(options());
    } catch (const Undecided& error) {
      code = std::string(error.what()).find("cannot write") == 0 ? 42 : 2;
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 42);
  EXPECT_TRUE(old == read_file(before.archive));
  std::size_t left = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(before.archive.parent_path())) ++left;
  EXPECT_EQ(left, 2U);
}

TEST_F(Seal, StatesWhatTheAttestationNeeds) {
  const auto sealed = seal(options());
  const auto statement = Json::parse(read_file(sealed.statement));
  EXPECT_EQ(statement["_type"], "https://in-toto.io/Statement/v1");
  EXPECT_EQ(statement["predicateType"], "https://in-toto.io/attestation/test-result/v0.1");
  EXPECT_EQ(statement["subject"][0]["name"], "sample.tar.zst");
  EXPECT_EQ(statement["subject"][0]["digest"]["sha256"], sealed.sha256);
  const auto& predicate = statement["predicate"];
  EXPECT_EQ(predicate["result"], "FAILED");
  EXPECT_EQ(predicate["configuration"][0]["digest"]["gitCommit"], kCommit);
  EXPECT_EQ(predicate["configuration"][0]["uri"], fmt::format("git+https://github.com/o/r.git@{}", kCommit));
  EXPECT_EQ(predicate["configuration"][1]["digest"]["gitTree"], kTree);
  EXPECT_EQ(predicate["passedTests"], Json::array({"EG-CG1.readable"}));
  EXPECT_EQ(predicate["warnedTests"], Json::array({"EG-CG2.head"}));
  EXPECT_EQ(predicate["failedTests"], Json::array({"EG-CG1.docs"}));
}

TEST_F(Seal, SignsWithEachKindOfKeyAndOpensslAgrees) {
  const struct {
    const char* generate;
    const char* verify;
  } kinds[] = {
      {"openssl genpkey -algorithm ed25519 -out k",
       "openssl pkeyutl -verify -pubin -inkey p -rawin -in pae -sigfile sig"},
      {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out k",
       "openssl dgst -sha256 -verify p -signature sig pae"},
      {"openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out k",
       "openssl dgst -sha384 -verify p -signature sig pae"},
      {"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out k",
       "openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest -verify p "
       "-signature sig pae"},
  };
  if (!find_program("openssl")) GTEST_SKIP() << "no openssl program";
  for (const auto& [generate, verifying] : kinds) {
    SCOPED_TRACE(generate);
    shell(std::string(generate) + " 2>/dev/null && openssl pkey -in k -pubout -out p", folder_.path());
    auto with = options();
    with.key = (folder_.path() / "k").string();
    const auto sealed = seal(with);
    EXPECT_TRUE(sealed.is_signed);
    EXPECT_FALSE(fs::exists(attest::statement_path(sealed.archive)));
    const auto attestation = attest::read_envelope(read_file(sealed.statement));
    EXPECT_EQ(attestation.sha256, sealed.sha256);
    write_file(folder_.path() / "pae", attest::pre_authentication(attest::kPayloadType, attestation.payload));
    write_file(folder_.path() / "sig", attestation.signature);
    EXPECT_THAT(shell(verifying, folder_.path()),
                testing::AnyOf(HasSubstr("Verified OK"), HasSubstr("Signature Verified Successfully")));
    // keyid: the digest of the public key as openssl writes it.
    const std::string id = shell("openssl pkey -pubin -in p -outform DER | sha256sum", folder_.path());
    EXPECT_EQ(attestation.key_id, id.substr(0, 64));
  }
}

TEST_F(Seal, SaysWhatIsWrongWithAKey) {
  auto with = options();
  with.key = (folder_.path() / "none.pem").string();
  EXPECT_THAT(refusal(with), HasSubstr("cannot open the key"));
  write_file(folder_.path() / "junk.pem", "junk\n");
  with.key = (folder_.path() / "junk.pem").string();
  EXPECT_THAT(refusal(with), HasSubstr("holds no private key"));
  if (find_program("openssl")) {
    shell("openssl genpkey -algorithm ed25519 -aes256 -pass pass:sesame -out locked", folder_.path());
    with.key = (folder_.path() / "locked").string();
    EXPECT_THAT(refusal(with), HasSubstr("holds no private key"));
    with.key_passphrase = "sesame";
    EXPECT_EQ(refusal(with), "");
    shell("openssl genpkey -algorithm ed448 -out odd", folder_.path());
    with.key = (folder_.path() / "odd").string();
    EXPECT_EQ(refusal(with), "the key is of a kind that is not taken");
  }
}

}  // namespace
}  // namespace exitgate::archive
