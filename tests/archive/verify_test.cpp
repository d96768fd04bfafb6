#include "harness/archive/verify.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include "harness/archive/seal.h"
#include "harness/attest/attestation.h"
#include "harness/attest/signing.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/json/json.h"
#include "tests/archive/craft.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {

using namespace attest;
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

class Verify : public testing::Test {
 protected:
  Verify()
      : folder_("exitgate-verify-test"),
        run_(folder_.path() / "run"),
        archive_(folder_.path() / "sample.tar.zst") {
    write_sample_run(run_);
    // The verdicts as the checks give them.
    for (const auto& entry : fs::directory_iterator(run_ / "suite" / "gates")) {
      const verdict::Gate gate = verdict::gate_from_json(Json::parse(read_file(entry.path())));
      const verdict::Verdict verdict =
          evaluate(gate, *check::find_check(gate.check), {run_ / "facts", "2026-11-23"});
      write_file(run_ / "verdicts" / (gate.name + ".json"), to_json(verdict).dump(2) + "\n");
    }
  }
  archive::Sealed seal_it(std::optional<std::string> key = std::nullopt) const {
    return seal({.run = run_, .archive = archive_, .key = std::move(key)});
  }
  void shell(const std::string& script) const {
    const auto done = exitgate::run(
        {.arguments = {"/bin/sh", "-ec", script}, .directory = folder_.path(), .merge_error = true});
    ASSERT_TRUE(done.ok()) << done.output;
  }
  // "status: detail" of a claim, "" when there is none.
  std::string claim(const std::string& name, const archive::VerifyOptions& options = {}) const {
    for (const auto& one : verify(archive_, options).claims) {
      if (one.name == name) return fmt::format("{}: {}", claim_status(one.status), one.detail);
    }
    return "";
  }
  static archive::VerifyOptions replaying() {
    return {.replay = [](std::string_view name) { return check::find_check(name); }};
  }

  TemporaryDirectory folder_;
  fs::path run_;
  fs::path archive_;
};

TEST_F(Verify, SaysWhatIsProvenAndWhatWasNotAsked) {
  const auto sealed = seal_it();
  const auto verified = verify(archive_);
  EXPECT_TRUE(verified.good());
  EXPECT_EQ(verified.sha256, sealed.sha256);
  EXPECT_EQ(
      render_text(verified),
      fmt::format(
          "proven     framing       one archive of {} bytes, SHA-256 {}\n"
          "proven     checksums     16 files, {} bytes, each as its manifest says\n"
          "proven     completeness  no file is missing, none is there that the manifest does not list\n"
          "proven     documents     7 JSON documents read without a duplicate key\n"
          "proven     record        run.json, bag-info.txt, suite and verdicts say the same of the run\n"
          "not asked  attestation   an unsigned statement names this archive; nobody signed it\n"
          "not asked  repository    no clone was given (--repo)\n"
          "not asked  suite         no trusted suite was given (--suite)\n"
          "not asked  replay        the verdicts were not evaluated again (--replay)\n"
          "sample.tar.zst: everything that was asked holds\n",
          sealed.bytes, sealed.sha256,
          info_value(verified.info, "Payload-Oxum")
              .substr(0, info_value(verified.info, "Payload-Oxum").find('.'))));
  const auto json = Json::parse(render_json(verified));
  EXPECT_EQ(json["good"], true);
  EXPECT_EQ(json["claims"].size(), 9U);
}

TEST_F(Verify, ChecksTheSignature) {
  if (!find_program("openssl")) GTEST_SKIP() << "no openssl program";
  shell(
      "openssl genpkey -algorithm ed25519 -out k && openssl pkey -in k -pubout -out p && openssl genpkey "
      "-algorithm ed25519 -out k2 && "
      "openssl pkey -in k2 -pubout -out p2");
  const std::string key = (folder_.path() / "k").string();
  const archive::VerifyOptions with{.key = (folder_.path() / "p").string()};
  const auto sealed = seal_it(key);
  EXPECT_THAT(claim("attestation", with), HasSubstr("proven: Ed25519 signature by key"));
  EXPECT_THAT(claim("attestation"),
              AllOf(HasSubstr("not asked: signed by key "), HasSubstr("no key was given")));
  EXPECT_THAT(claim("attestation", {.key = (folder_.path() / "p2").string()}),
              HasSubstr("failed: it is signed by another key"));
  EXPECT_THAT(claim("digest", {.sha256 = sealed.sha256}), HasSubstr("proven"));
  EXPECT_THAT(claim("digest", {.sha256 = std::string(64, '0')}), HasSubstr("failed"));

  const std::string envelope = read_file(sealed.statement);
  const auto with_envelope = [&](const std::string& text) {
    write_file(sealed.statement, text);
    return claim("attestation", with);
  };
  const auto document = Json::parse(envelope);
  std::string sig = document["signatures"][0]["sig"].text();
  sig[3] = sig[3] == 'A' ? 'B' : 'A';
  auto changed = document;
  changed["signatures"][0]["sig"] = sig;
  EXPECT_THAT(with_envelope(changed.dump()), HasSubstr("failed: the signature is wrong"));
  changed = document;
  changed["signatures"].push_back(changed["signatures"][0]);
  EXPECT_EQ(with_envelope(changed.dump()), "failed: the attestation must have exactly one signature");
  changed = document;
  changed["signatures"][0]["keyid"] = "mine";
  EXPECT_EQ(with_envelope(changed.dump()), "failed: its keyid is not that of the key that signed it");
  changed = document;
  changed["payloadType"] = "text/plain";
  EXPECT_THAT(with_envelope(changed.dump()),
              HasSubstr("failed: the attestation's payload is not of the type"));
  EXPECT_EQ(with_envelope("{\"payloadType\":\"a\"," + envelope.substr(1)),
            "failed: the attestation: the key 'payloadType' is there twice");
  EXPECT_THAT(with_envelope(envelope.substr(0, envelope.size() / 2)),
              HasSubstr("failed: the attestation: line 1, column"));
  fs::remove(sealed.statement);
  EXPECT_EQ(claim("attestation", with),
            "failed: a key was given, and there is no sample.tar.zst.intoto.json");

  // Another archive under the name, with the old envelope.
  write_file(sealed.statement, envelope);
  auto members = members_of(archive_);
  for (auto& member : members) {
    if (member.path == "sample/data/logs/ctest.log") member.content += "more\n";
  }
  recompute(members);
  write_archive(archive_, tar_of(members));
  EXPECT_THAT(claim("checksums", with), HasSubstr("proven"));
  EXPECT_THAT(claim("attestation", with), HasSubstr("failed: it is about another archive"));
  EXPECT_THAT(claim("attestation"), HasSubstr("failed: it is about another archive"));
}

TEST_F(Verify, ChecksAnSshSignatureAndSoDoesSshKeygen) {
  if (!find_program("ssh-keygen")) GTEST_SKIP() << "no ssh-keygen program";
  shell(
      "ssh-keygen -q -t ed25519 -N '' -C a -f id && ssh-keygen -q -t ed25519 -N '' -C b -f id2 && "
      "ssh-keygen -q -t ed25519 -N sesame -C c -f locked && "
      "echo \"joe@example $(cut -d' ' -f1,2 id.pub)\" > allowed && echo \"ann@example $(cut -d' ' -f1,2 "
      "id2.pub)\" > others && "
      "echo \"joe@example namespaces=\\\"git\\\" $(cut -d' ' -f1,2 id.pub)\" > for-git");
  const auto sealed = seal_it((folder_.path() / "id").string());
  EXPECT_TRUE(sealed.is_signed);
  EXPECT_EQ(sealed.statement.filename(), "sample.tar.zst.statement.json");
  shell(
      "ssh-keygen -Y verify -f allowed -I joe@example -n exitgate -s sample.tar.zst.statement.json.sig < "
      "sample.tar.zst.statement.json");
  const archive::VerifyOptions with{.ssh_signers = folder_.path() / "allowed"};
  EXPECT_EQ(claim("ssh-signature", with),
            fmt::format("proven: signed by joe@example over this archive, commit {}, result FAILED",
                        std::string(kCommit).substr(0, 12)));
  EXPECT_THAT(claim("ssh-signature"), HasSubstr("not asked: there is one"));
  EXPECT_THAT(claim("ssh-signature", {.ssh_signers = folder_.path() / "others"}),
              HasSubstr("failed: the SSH signature is by no key in others"));
  EXPECT_THAT(claim("ssh-signature", {.ssh_signers = folder_.path() / "for-git"}),
              HasSubstr("failed: the SSH signature is"));
  const std::string statement = read_file(sealed.statement);
  write_file(sealed.statement, " " + statement);
  EXPECT_THAT(claim("ssh-signature", with), HasSubstr("failed: the SSH signature is wrong"));
  write_file(sealed.statement, statement);
  fs::remove(folder_.path() / "sample.tar.zst.statement.json.sig");
  EXPECT_THAT(claim("ssh-signature", with), HasSubstr("failed: signers were given, and there is no "));
  try {
    seal_it((folder_.path() / "locked").string());
    ADD_FAILURE() << "signed without the passphrase";
  } catch (const UsageError& error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("ssh-keygen cannot sign with "));
  }
}

TEST_F(Verify, ABetterResultThanTheRunsIsRejectedWhoeverSignsIt) {
  if (!find_program("openssl")) GTEST_SKIP() << "no openssl program";
  shell("openssl genpkey -algorithm ed25519 -out k && openssl pkey -in k -pubout -out p");
  const std::string file = (folder_.path() / "k").string();
  const auto sealed = seal({.run = run_,
                            .archive = archive_,
                            .key = file,
                            .summary = true,
                            .info = {{"Exitgate-Outcome", "fail"}}});
  const archive::VerifyOptions with{.key = (folder_.path() / "p").string()};
  const Key key = Key::load_private(file, "");
  // The same statement by the same key, but for one word.
  const auto better = [&](const fs::path& path, const char* member) {
    const std::string payload = attest::open_envelope(read_file(path)).payload;
    auto statement = Json::parse(payload);
    write_file(path, attest::render_envelope(statement.dump(), key));
    EXPECT_EQ(statement.dump(), payload);
    statement["predicate"][member] = "PASSED";
    write_file(path, attest::render_envelope(statement.dump(), key));
  };
  better(sealed.statement, "result");
  EXPECT_EQ(claim("attestation", with), "failed: it says PASSED, and the run's outcome is fail");
  better(archive_.string() + ".vsa.intoto.json", "verificationResult");
  EXPECT_EQ(claim("summary", with), "failed: it says PASSED, and the run's outcome is fail");
}

TEST_F(Verify, ChecksAVerificationSummary) {
  if (!find_program("openssl")) GTEST_SKIP() << "no openssl program";
  shell(
      "openssl genpkey -algorithm ed25519 -out k && openssl pkey -in k -pubout -out p && openssl genpkey "
      "-algorithm ed25519 -out k2 && openssl pkey -in k2 -pubout -out p2");
  const auto sealed =
      seal({.run = run_, .archive = archive_, .key = (folder_.path() / "k").string(), .summary = true});
  const archive::VerifyOptions with{.key = (folder_.path() / "p").string()};
  EXPECT_EQ(claim("summary", with),
            fmt::format("proven: SLSA verification summary of commit {} by the same key, FAILED",
                        std::string(kCommit).substr(0, 12)));
  EXPECT_THAT(claim("summary"), HasSubstr("not asked: there is a SLSA verification summary"));
  EXPECT_THAT(claim("summary", {.key = (folder_.path() / "p2").string()}),
              HasSubstr("failed: it is not signed by the key that was given"));
  const fs::path path = archive_.string() + ".vsa.intoto.json";
  const auto statement =
      Json::parse(attest::unbase64(Json::parse(read_file(path))["payload"].text(), "payload"));
  EXPECT_EQ(statement["predicateType"], "https://slsa.dev/verification_summary/v1");
  EXPECT_EQ(statement["subject"][0]["digest"]["gitCommit"], kCommit);
  const auto& predicate = statement["predicate"];
  EXPECT_EQ(predicate["verificationResult"], "FAILED");
  EXPECT_EQ(predicate["verifiedLevels"], Json::array());
  EXPECT_EQ(predicate["inputAttestations"][0]["digest"]["sha256"], sealed.sha256);
  // The result is signed: nobody turns it round.
  auto envelope = Json::parse(read_file(path));
  auto changed = statement;
  changed["predicate"]["verificationResult"] = "PASSED";
  envelope["payload"] = attest::base64(changed.dump());
  write_file(path, envelope.dump());
  EXPECT_THAT(claim("summary", with), HasSubstr("failed: it is not signed by the key"));
  // Of another archive.
  write_file(run_ / "logs" / "more.log", "more\n");
  const std::string old = read_file(path);
  seal({.run = run_, .archive = archive_, .key = (folder_.path() / "k").string()});
  EXPECT_FALSE(fs::exists(path)) << "a summary of the archive that was there before";
  write_file(path, old);
  EXPECT_THAT(claim("summary", with), HasSubstr("failed: it is about another archive"));
  EXPECT_THROW(seal({.run = run_, .archive = archive_, .summary = true}), UsageError);
}

TEST_F(Verify, ReplaysTheVerdicts) {
  seal_it();
  EXPECT_EQ(claim("replay", replaying()),
            "proven: 3 verdicts evaluated again from the sealed facts, all the same");
  const auto after = [&](const std::string& path, const auto& change) {
    auto members = members_of(archive_);
    for (auto& member : members) {
      if (member.path == "sample/data/" + path) change(member.content);
    }
    recompute(members);
    const fs::path kept = archive_;
    archive_ = folder_.path() / "changed" / "sample.tar.zst";
    write_archive(archive_, tar_of(members));
    const std::string said = claim("replay", replaying());
    archive_ = kept;
    return said;
  };
  const auto edit = [](const std::string& key, const Json& value) {
    return [key, value](std::string& content) {
      auto json = Json::parse(content);
      json[key] = value;
      content = json.dump();
    };
  };
  EXPECT_EQ(after("verdicts/EG-CG1.docs.json", edit("status", "pass")),
            "failed: EG-CG1.docs: sealed pass, replayed fail");
  EXPECT_EQ(after("verdicts/EG-CG1.readable.json", edit("examined", 7)),
            "failed: EG-CG1.readable: sealed 7 examined, replayed 2");
  EXPECT_THAT(after("verdicts/EG-CG1.docs.json", edit("findings", Json::array())),
              HasSubstr("is replayed and not sealed"));
  EXPECT_THAT(after("verdicts/EG-CG1.docs.json",
                    [](std::string& content) {
                      auto json = Json::parse(content);
                      json["findings"][0]["message"] = "nothing to see";
                      content = json.dump();
                    }),
              testing::ContainsRegex(": nothing to see and replayed as found at .*: "));
  EXPECT_EQ(after("suite/gates/EG-CG1.docs.json", edit("check", "gone")),
            "failed: EG-CG1.docs: this build has no check 'gone'");
  EXPECT_EQ(after("suite/gates/EG-CG1.docs.json", edit("gate", "EG-CG1.other")).substr(0, 7), "failed:");
  EXPECT_THAT(after("facts/ci.db", [](std::string& content) { content.resize(content.size() / 2); }),
              HasSubstr("failed: "));
  EXPECT_THAT(after("facts/ci.db", [](std::string& content) { content = "junk"; }),
              HasSubstr("replayed error"));
  EXPECT_EQ(after("run.json", [](std::string& content) { content = "{}"; }),
            "failed: not looked at: the archive itself is damaged");
}

// An older version of the program sealed it, whose facts had fewer columns.
TEST_F(Verify, SaysWhatAnOlderArchiveCannotAnswer) {
  sqlite3* database = nullptr;
  ASSERT_EQ(sqlite3_open((run_ / "facts" / "ci.db").c_str(), &database), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(database, "ALTER TABLE workflow DROP COLUMN problem; PRAGMA user_version = 0",
                         nullptr, nullptr, nullptr),
            SQLITE_OK)
      << sqlite3_errmsg(database);
  sqlite3_close(database);
  seal_it();
  EXPECT_EQ(claim("replay", replaying()),
            "undecided: 2 verdicts evaluated again from the sealed facts, all the same; EG-CG1.readable: not "
            "replayed: "
            "its facts are of schema version 1, which has no ci.workflow.problem");
  EXPECT_FALSE(verify(archive_, replaying()).good());
}

TEST_F(Verify, EndsAReplayWithoutEnd) {
  auto json = Json::parse(read_file(run_ / "suite/gates/EG-CG1.docs.json"));
  json["check"] = "sample-endless";
  write_file(run_ / "suite/gates/EG-CG1.docs.json", json.dump());
  try {
    replay(
        run_, [](std::string_view name) { return check::find_check(name); }, "", std::chrono::seconds(1));
    FAIL() << "it ended";
  } catch (const Error& error) {
    EXPECT_THAT(std::string(error.what()),
                testing::AnyOf("the replay has no end within 1 s", HasSubstr("ended by signal")));
  }
}

TEST_F(Verify, ComparesTheSuiteWithATrustedOne) {
  seal_it();
  std::vector<verdict::Gate> trusted;
  for (const auto& entry : fs::directory_iterator(run_ / "suite" / "gates")) {
    trusted.push_back(verdict::gate_from_json(Json::parse(read_file(entry.path()))));
  }
  EXPECT_EQ(claim("suite", {.suite = trusted}),
            "proven: 3 gates as in the trusted suite, 0 more in the archive");
  trusted[0].with = R"({"min-days": 30})";
  EXPECT_THAT(claim("suite", {.suite = trusted}), AllOf(HasSubstr("failed: "), HasSubstr(trusted[0].name)));
  trusted[0].with = "{}";
  trusted[0].name = "EG-CG9.new";
  EXPECT_EQ(claim("suite", {.suite = trusted}), "failed: EG-CG9.new is not in the archive's suite");
}

TEST_F(Verify, ComparesTheCommitWithAClone) {
  shell(
      "git init -q clone && cd clone && git config user.email a@b && git config user.name a && mkdir -p "
      ".github && echo x > .github/a && "
      "git add . && git commit -qm one && git rev-parse HEAD > ../oid && git rev-parse 'HEAD^{tree}' > "
      "../tree && git rev-parse HEAD:.github/a > ../blob");
  const auto word = [&](const char* file) { return read_file(folder_.path() / file).substr(0, 40); };
  const auto with_facts = [&](const std::string& commit, const std::string& tree, const std::string& blob) {
    fs::remove(run_ / "facts" / "repo.db");
    shell(
        fmt::format("sqlite3 run/facts/repo.db \"CREATE TABLE checkout(oid, tree, branch); INSERT INTO "
                    "checkout VALUES('{}', '{}', 'main');"
                    "CREATE TABLE remote(name, url); CREATE TABLE file(path, mode, oid, size); INSERT INTO "
                    "file VALUES('.github/a', '100644', '{}', 2)\"",
                    commit, tree, blob));
    auto record = Json::parse(read_file(run_ / "run.json"));
    record["commit"] = commit;
    write_file(run_ / "run.json", record.dump());
    seal_it();
    return claim("repository", {.repo = folder_.path() / "clone"});
  };
  if (!find_program("sqlite3")) GTEST_SKIP() << "no sqlite3 program";
  EXPECT_EQ(with_facts(word("oid"), word("tree"), word("blob")),
            fmt::format("proven: commit {} is in the clone, with the tree and the files that the facts name",
                        word("oid").substr(0, 12)));
  EXPECT_EQ(with_facts(word("oid"), word("tree"), std::string(40, '1')),
            fmt::format("failed: .github/a is blob {} in the commit and {} in the facts", word("blob"),
                        std::string(40, '1')));
  EXPECT_THAT(with_facts(word("oid"), std::string(40, '2'), word("blob")), HasSubstr("failed: the tree of "));
  EXPECT_EQ(with_facts(std::string(40, '3'), word("tree"), word("blob")),
            fmt::format("failed: commit {} is not in the clone", std::string(40, '3')));
  EXPECT_EQ(with_facts("--output=x", word("tree"), word("blob")),
            "failed: bag-info.txt names no commit and tree");
}

}  // namespace
}  // namespace exitgate::archive
