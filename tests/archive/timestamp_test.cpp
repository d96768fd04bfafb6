// Timestamps of a real authority: openssl's, behind a real HTTP server on this machine.
#include "harness/attest/timestamp.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/archive/seal.h"
#include "harness/archive/verify.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/verification_error.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {

using namespace attest;
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr const char* kConfiguration = R"([req]
distinguished_name = dn
[dn]
[tsa_cert]
extendedKeyUsage = critical,timeStamping
[ca_cert]
basicConstraints = critical,CA:true
[tsa]
default_tsa = here
[here]
serial = serial
signer_cert = tsa.crt
signer_key = tsa.key
signer_digest = sha256
certs = ca.crt
default_policy = 1.2.3.4.1
digests = sha256
)";

constexpr const char* kServer = R"(import http.server, subprocess
class Authority(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        query = self.rfile.read(int(self.headers['Content-Length']))
        open('query.tsq', 'wb').write(query)
        if self.path == '/refuse':
            self.send_error(503); return
        if self.path in ('/recorded', '/without-nonce'):  # an answer to another request for the same content
            open('content', 'w').write('content')
            other = ['openssl', 'ts', '-query', '-data', 'content', '-sha256', '-cert', '-out', 'query.tsq']
            subprocess.run(other + (['-no_nonce'] if self.path == '/without-nonce' else []), check=True,
                           stderr=subprocess.DEVNULL)
        subprocess.run(['openssl', 'ts', '-reply', '-config', 'tsa.cnf', '-queryfile', 'query.tsq', '-out', 'answer.tsr'],
                       check=True, stderr=subprocess.DEVNULL)
        answer = b'junk' if self.path == '/junk' else open('answer.tsr', 'rb').read()
        self.send_response(200); self.send_header('Content-Length', str(len(answer))); self.end_headers(); self.wfile.write(answer)
    def log_message(self, *arguments): pass
server = http.server.HTTPServer(('127.0.0.1', 0), Authority)
print(server.server_port, flush=True)
server.serve_forever()
)";

class TimestampTest : public testing::Test {
 protected:
  void SetUp() override {
    for (const char* tool : {"openssl", "curl", "python3"}) {
      if (!find_program(tool)) GTEST_SKIP() << "no " << tool << " program";
    }
    write_file(folder_.path() / "tsa.cnf", kConfiguration);
    write_file(folder_.path() / "server.py", kServer);
    write_file(folder_.path() / "serial", "01\n");
    shell(
        "for ca in ca other; do openssl req -x509 -newkey rsa:2048 -nodes -keyout $ca.key -out $ca.crt -subj "
        "/CN=$ca -days 30 -config tsa.cnf "
        "-extensions ca_cert; done; openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj "
        "'/CN=The clock' -config tsa.cnf; "
        "openssl x509 -req -in tsa.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out tsa.crt -days 30 "
        "-extfile tsa.cnf -extensions tsa_cert");
    server_ = std::make_unique<Process>(
        Command{.arguments = {"python3", "server.py"}, .directory = folder_.path()});
    url_ = "http://127.0.0.1:" + server_->read_line();
  }
  void shell(const std::string& script) const {
    const auto done =
        run({.arguments = {"/bin/sh", "-ec", script}, .directory = folder_.path(), .merge_error = true});
    ASSERT_TRUE(done.ok()) << done.output;
  }
  TemporaryDirectory folder_{"exitgate-timestamp"};
  std::unique_ptr<Process> server_;
  std::string url_;
};

TEST_F(TimestampTest, IsFetchedKeptAndVerifiedOffline) {
  write_sample_run(folder_.path() / "run");
  const fs::path archive = folder_.path() / "a.tar.zst";
  const auto sealed = seal({.run = folder_.path() / "run", .archive = archive, .timestamp_url = url_ + "/"});
  EXPECT_TRUE(sealed.is_timestamped);
  server_.reset();
  const auto claim = [&](const archive::VerifyOptions& options) {
    for (const auto& one : verify(archive, options).claims) {
      if (one.name == "timestamp") return fmt::format("{}: {}", claim_status(one.status), one.detail);
    }
    return std::string();
  };
  const archive::VerifyOptions with{.timestamp_ca = folder_.path() / "ca.crt"};
  EXPECT_THAT(claim(with), testing::AllOf(HasSubstr("proven: the attestation existed at 20"),
                                          HasSubstr("says CN = The clock")));
  EXPECT_THAT(claim({}), HasSubstr("not asked: there is one"));
  EXPECT_THAT(claim({.timestamp_ca = folder_.path() / "other.crt"}),
              HasSubstr("failed: the timestamp's signature does not hold: "));
  EXPECT_THROW(claim({.timestamp_ca = folder_.path() / "tsa.cnf"}), UsageError);
  // openssl agrees, as docs/evidence.md has it: judged at the time of the stamp, so also when the certificate has expired.
  shell(
      "stamped=$(openssl ts -reply -in a.tar.zst.statement.json.tsr -text | sed -n 's/^Time stamp: //p'); "
      "openssl ts -verify -in a.tar.zst.statement.json.tsr -data a.tar.zst.statement.json -CAfile ca.crt "
      "-attime \"$(date -d \"$stamped\" +%s)\"; "
      "if openssl ts -verify -in a.tar.zst.statement.json.tsr -data a.tar.zst.statement.json -CAfile ca.crt "
      "-attime \"$(date -d '2 years' +%s)\"; then exit 1; fi");

  const fs::path answer = attest::timestamp_path(sealed.statement);
  const std::string good = read_file(answer);
  // Some bits are covered by no signature: certificates that nothing needs.
  int refused = 0;
  int tried = 0;
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] ^= 1;
    ++tried;
    try {
      attest::verify_timestamp(bad, read_file(sealed.statement), folder_.path() / "ca.crt");
    } catch (const VerificationError&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, tried / 2);
  const std::string statement = read_file(sealed.statement);
  EXPECT_THROW(attest::verify_timestamp(good, statement + " ", folder_.path() / "ca.crt"), VerificationError);
  EXPECT_THROW(
      attest::verify_timestamp(good.substr(0, good.size() / 2), statement, folder_.path() / "ca.crt"),
      VerificationError);
  EXPECT_THROW(attest::verify_timestamp(good + "x", statement, folder_.path() / "ca.crt"), VerificationError);
  fs::remove(answer);
  EXPECT_EQ(claim(with), "failed: an authority was given, and there is no a.tar.zst.statement.json.tsr");
}

TEST_F(TimestampTest, SaysWhatIsWrongWithTheAuthority) {
  const auto said = [&](const std::string& url) {
    try {
      attest::fetch_timestamp(url, "content");
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  EXPECT_THAT(said(url_ + "/refuse"),
              testing::AllOf(HasSubstr("no timestamp from " + url_ + "/refuse: "), HasSubstr("503")));
  EXPECT_THAT(said(url_ + "/junk"),
              HasSubstr("the timestamp is not a response of a time-stamping authority"));
  for (const char* path : {"/recorded", "/without-nonce"}) {
    EXPECT_EQ(
        said(url_ + path),
        fmt::format("no timestamp from {}{}: the answer is to another request: its nonce is not the one that "
                    "was sent",
                    url_, path));
  }
  EXPECT_EQ(said("ftp://host/"), "'ftp://host/' is not a URL of a time-stamping authority");
  const std::string port = url_.substr(url_.rfind(':'));
  server_.reset();
  EXPECT_THAT(said("http://joe:hunter2@127.0.0.1" + port + "/"),
              testing::AllOf(HasSubstr("no timestamp from http://127.0.0.1" + port),
                             testing::Not(HasSubstr("hunter2"))));
}

}  // namespace
}  // namespace exitgate::archive
