#include "harness/redact/redactor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/redact/encodings.h"
#include "tests/redact/planted.h"

namespace exitgate {
namespace {

std::string encode_base64(std::string_view bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t three = 0;
    for (std::size_t i = 0; i < 3; ++i)
      three = three << 8U | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0U);
    for (std::size_t i = 0; i < 4; ++i)
      text += at + i > bytes.size() ? '=' : kAlphabet[three >> (18 - 6 * i) & 63U];
  }
  return text;
}

TEST(Redactor, MasksWhatSaysByItselfThatItIsASecret) {
  const redact::Redactor redactor;
  for (const auto& [what, text, secret] : planted()) {
    SCOPED_TRACE(what);
    EXPECT_THAT(redact::Redactor::suspicious(text), testing::Not(testing::IsEmpty()));
    std::size_t masked = 0;
    const std::string clean = redactor.redact(text, &masked);
    EXPECT_THAT(clean, testing::Not(testing::HasSubstr(secret)));
    EXPECT_THAT(clean, testing::HasSubstr("***"));
    EXPECT_GE(masked, 1U);
    EXPECT_THAT(redact::Redactor::suspicious(clean), testing::IsEmpty()) << clean;
    EXPECT_EQ(redactor.redact(clean), clean);
  }
}

TEST(Redactor, LeavesWhatOnlyLooksLikeOne) {
  const std::vector<std::string> texts = {
      "d1b778853611875b3dd20fd0ddd6a2432d65d321",
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "123e4567-e89b-12d3-a456-426614174000",
      "revision = '3f2a9c1d4e5b'",
      "down_revision: Union[str, None] = '0a1b2c3d4e5f'",
      "actions/checkout@b4ffde65f46336ab88eb53be808477a3936bae11",
      "image: postgres@sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "\"integrity\": \"sha512-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ==\"",
      "postgresql://localhost:5432/test",
      "postgresql://app@localhost/test",
      "postgresql://app:${PGPASSWORD}@db/x",
      "postgresql://app:${{ secrets.DB_PASSWORD }}@db/x",
      "f\"postgresql://{user}:{password}@{host}/{name}\"",
      "ssh://git@github.com/o/r.git",
      "git@github.com:o/r.git",
      "https://github.com/o/r?tab=readme#password",
      "token: ${{ secrets.GITHUB_TOKEN }}",
      "GITHUB_TOKEN: ${{ github.token }}",
      "id-token: write",
      "{\"permissions\": {\"id-token\": \"write\"}}",
      "secrets: inherit",
      "password=***",
      "postgresql://app:\\*\\*\\*@db/x",
      "next=postgresql%3A%2F%2F, postgresql://app:%2A%2A%2A@db/x",
      "PGPASSWORD=$SECRET psql",
      "password = os.environ[\"DB_PASSWORD\"]",
      "connect(host=host, password=password, user=user)",
      "password=settings.db_password)",
      "token=get_token()",
      "def login(user: str, password: str) -> None:",
      "password: str",
      "FATAL:  password authentication failed for user \"app\"",
      "pg_hba.conf: password required",
      "  password character varying(255) NOT NULL,",
      "COMMENT ON COLUMN public.users.password IS 'the hash of it'",
      "CONSTRAINT c CHECK (((token_type)::text = ANY (ARRAY['access'::text, 'refresh'::text])))",
      "unexpected token: foo",
      "a Bearer token is required",
      "Basic usage: see below",
      "basic authentication",
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0000000000000000000000000000000000000000 me@host",
      "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----",
      "COPY requirements.txt /app/",
      "COPY public.users (id) FROM stdin;\n\\.\n",
      "npm_config_registry=https://registry.example",
      "task-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "secret_name: database",
      "--password-file /run/secrets/db",
      "if (password == other) {",
      "asia-northeast1-docker.pkg.dev",
      "docker run -d -p 5432:5432 postgres:16",
      "127.0.0.1:5432:5432",
      "- \"5432:5432:5432\"",
      "0.0.0.0:5432->5432/tcp, :::5432->5432/tcp",
      "mkdir -p /tmp/x && ssh -p 2222 joe@h && psql -p 5433 -U app",
      "docker login -u \"$USER\" -p \"$PASSWORD\" r.example",
      "docker login -u joe --password-stdin r.example",
      "curl -u \"$USER:$PASSWORD\" https://h/x",
      "curl -sSfL -o uv.tar.gz https://h/x",
      "curl --unix-socket /run/x.sock http://h/x",
      "mysql -p -u root app",
      "mysqldump -u root --port 3306 app",
      "redis-cli -h cache -p 6379 ping",
      "openssl req -passin env:KEYPASS -passout file:/run/k",
      "sig = signature(f)",
      "?sigma=1&design=2",
      "&sig=${SIG}",
      "tests_pass=12 tests_fail=0",
      "--pass-through",
      "result: pass",
      "ALL_PASS = \"passed\"",
      "const STORAGE_KEY = 'skeldir_math_validation_dismissed';",
      "first_pass: second",
      "untrusted comment: minisign public key 1\nRWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3\n",
      "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p",
      "ca-data: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=",
      "Set-Cookie: lang=en; Path=/",
      "rubygems_version: 3.4.20",
      "public_key: 0a1b2c3d4e5f67890a1b2c3d4e5f6789",
      "cache-key-0a1b2c3d4e5f67890a1b2c3d4e5f6789",
      "primary_key=users_pkey, foreign_key = orders_user_id_fkey",
      "hooks.slack.com/services/",
      "token_type=bearer&expires_in=3600",
      "npm_package_version=1.2.3 npm_lifecycle_event=test",
      "username = joe\nemail = joe@example\n",
      "password = models.CharField(max_length=128)",
      "Enter PIN value: pin-value",
      "pull-0a1b2c3d-merge, pul-request",
      "CCIPATH_x, gsk_init(), figd_, dp.pt. and ops_eyJ",
      "etag \"33a64df551425fcc55e4d42a148795d9f25f89d4\"",
  };
  const redact::Redactor redactor;
  for (const auto& text : texts) {
    EXPECT_EQ(redactor.redact(text), text);
    EXPECT_THAT(redact::Redactor::suspicious(text), testing::IsEmpty()) << text;
  }
}

TEST(Redactor, FindsAKnownValueInEveryForm) {
  const std::vector<std::string> values = {"tr0ub4dor&3", "p@ss w0rd/\"quoted\"", "schl\xC3\xBCssel<1>'x'",
                                           "a+b=c%d\\e", "plainvalue9"};
  for (const auto& value : values) {
    redact::Redactor redactor;
    redactor.add_secret(value);
    const auto forms = redact::forms_of(value);
    EXPECT_GE(forms.size(), 4U) << value;
    for (const auto& form : forms) {
      std::size_t masked = 0;
      const std::string clean = redactor.redact("before " + form.text + " behind", &masked);
      EXPECT_THAT(clean, testing::Not(testing::HasSubstr(form.text)));
      EXPECT_EQ(masked, 1U) << form.text;
      EXPECT_THAT(clean, testing::StartsWith("before "));
      EXPECT_THAT(clean, testing::EndsWith(" behind"));
    }
  }
}

TEST(Redactor, FindsAKnownValueInBase64AtEachAlignment) {
  redact::Redactor redactor;
  redactor.add_secret("correct-horse");
  // printf 'Xcorrect-horseY' | base64, with zero to three bytes before it.
  for (const auto* text : {"Y29ycmVjdC1ob3JzZVk=", "WGNvcnJlY3QtaG9yc2VZ",
                           "WFhjb3JyZWN0LWhvcnNlWQ==", "WFhYY29ycmVjdC1ob3JzZVk="}) {
    const std::string clean = redactor.redact(std::string("data: ") + text + "\n");
    EXPECT_THAT(redact::base64_decoded(clean.substr(6)), testing::Not(testing::HasSubstr("rrect-hor")))
        << clean;
    EXPECT_THAT(clean, testing::HasSubstr("***"));
  }
}

TEST(Redactor, FindsAKnownValueInBase64ThatIsWrapped) {
  const std::string secret = "correct-horse-battery-staple-0123456789";
  redact::Redactor redactor;
  redactor.add_secret(secret);
  // Lines of 76 as `base64` and MIME write them, and of 64 as PEM does, wherever the secret falls in them.
  for (const std::size_t width : {76U, 64U}) {
    for (const std::string line_end : {"\n", "\r\n"}) {
      for (std::size_t before = 0; before < 76; ++before) {
        const std::string plain = std::string(before, '.') + secret + std::string(60, '.');
        std::string text;
        const std::string encoded = encode_base64(plain);
        for (std::size_t at = 0; at < encoded.size(); at += width)
          text += encoded.substr(at, width) + line_end;
        std::size_t masked = 0;
        std::string clean = redactor.redact(text, &masked);
        EXPECT_EQ(masked, 1U) << before;
        std::erase_if(clean, [](char c) { return c == '\n' || c == '\r'; });
        EXPECT_THAT(redact::base64_decoded(clean.substr(clean.find("***") + 3)),
                    testing::Not(testing::HasSubstr("staple")));
      }
    }
  }
}

TEST(Redactor, SeesThroughTerminalColours) {
  redact::Redactor redactor;
  redactor.add_secret("correct-horse");
  EXPECT_EQ(redactor.redact("\x1b[1mx\x1b[0m corr\x1b[31mect-\x1b[0mhorse\x1b[0m."),
            "\x1b[1mx\x1b[0m ***\x1b[0m.");
}

TEST(Redactor, TakesThePasswordOfAUrlAsItIsAndDecoded) {
  redact::Redactor redactor;
  redactor.add_url("postgresql://app:p%40ssw0rd%21@db/x");
  EXPECT_EQ(redactor.redact("role with p@ssw0rd! and p%40ssw0rd%21"), "role with *** and ***");
  redactor.add_url("host=db user=app password='it\\'s long'");
  EXPECT_EQ(redactor.redact("said it's long."), "said ***.");
}

TEST(Redactor, LeavesShortAndPublicWordsAlone) {
  redact::Redactor redactor;
  redactor.add_secret("abc");
  redactor.add_secret("postgres");
  redactor.add_url("postgresql://postgres:postgres@localhost/x");
  EXPECT_EQ(redactor.redact("abc: image postgres:16"), "abc: image postgres:16");
  EXPECT_EQ(redactor.redact("postgresql://postgres:postgres@localhost/x"),
            "postgresql://postgres:***@localhost/x");
}

TEST(Redactor, KnowsTheEnvironment) {
  ::setenv("EXITGATE_TEST_API_KEY", "k-928374650", 1);
  ::setenv("EXITGATE_TEST_DATABASE", "postgresql://a:pw-55512@h/x", 1);
  ::setenv("EXITGATE_TEST_TOKEN_FILE", "/run/secrets/token", 1);
  ::setenv("EXITGATE_TEST_PLAIN", "plain-77731", 1);
  const redact::Redactor redactor = redact::Redactor::from_environment();
  ::unsetenv("EXITGATE_TEST_API_KEY");
  ::unsetenv("EXITGATE_TEST_DATABASE");
  ::unsetenv("EXITGATE_TEST_TOKEN_FILE");
  ::unsetenv("EXITGATE_TEST_PLAIN");
  EXPECT_EQ(redactor.redact("k-928374650 pw-55512 /run/secrets/token plain-77731"),
            "*** *** /run/secrets/token plain-77731");
}

TEST(Redactor, MasksEachLineOfALongSecret) {
  redact::Redactor redactor;
  redactor.add_secret("first-line-of-a-secret\nsecond-line-of-a-secret\nend");
  EXPECT_EQ(redactor.redact("x second-line-of-a-secret y"), "x *** y");
}

TEST(Redactor, SaysWhereAndWhatButNotTheSecret) {
  EXPECT_THAT(redact::Redactor::suspicious("a\nb\npostgresql://u:hunter2@h/x\nPGPASSWORD=hunter2\n"),
              testing::ElementsAre("line 3: password in a URL", "line 4: password"));
}

TEST(Redactor, SurvivesAnyBytes) {
  std::string noise;
  std::uint32_t state = 1;
  const std::vector<std::string> pieces = {
      "password",     "=",     "'",    "\"",  "\\", "://", "@", ":",   "-----BEGIN ", "PRIVATE KEY", "COPY ",
      " FROM stdin;", "\n",    "\x1b", "[",   "]",  "${{", "}", "eyJ", "Basic ",      "machine ",    " ",
      "login ",       "token", "%",    "***", "x1"};
  for (int round = 0; round < 3000; ++round) {
    noise.clear();
    for (int n = 0; n < 24; ++n) {
      state = state * 1664525U + 1013904223U;
      noise += pieces[(state >> 16) % pieces.size()];
    }
    const std::string clean = redact::Redactor().redact(noise);
    EXPECT_LE(clean.size(), noise.size() * 3 + 3);
  }
}

TEST(WithoutCredentials, KeepsOnlyWhereTheRepositoryIs) {
  EXPECT_EQ(redact::without_credentials("https://joe:pw@github.com/o/r.git"), "https://github.com/o/r.git");
  EXPECT_EQ(redact::without_credentials("https://token@github.com:8443/o/r.git?access_token=x#y"),
            "https://github.com:8443/o/r.git");
  EXPECT_EQ(redact::without_credentials("ssh://git@github.com/o/r"), "ssh://github.com/o/r");
  EXPECT_EQ(redact::without_credentials("git@github.com:o/r.git"), "git@github.com:o/r.git");
  EXPECT_EQ(redact::without_credentials("/srv/git/r.git"), "/srv/git/r.git");
  EXPECT_EQ(redact::without_credentials("https://h/a@b"), "https://h/a@b");
}

}  // namespace
}  // namespace exitgate
