// Secrets of many kinds, each in a text as it is met. None is real.
#pragma once

#include <string>
#include <vector>

namespace exitgate {

// Planted values are put together here, so that no scanner of this repository takes them for real ones.
inline std::string of(const std::string& prefix, std::size_t length,
                      const std::string& from = "a1B2c3D4e5F6g7H8i9J0") {
  std::string text = prefix;
  for (std::size_t i = 0; i < length; ++i) text += from[i % from.size()];
  return text;
}

struct Planted {
  std::string what;
  std::string text;
  std::string secret;
};

inline std::vector<Planted> planted() {
  const std::string dashes = "-----";
  const std::string key = dashes + "BEGIN RSA PRIVATE " + "KEY" + dashes +
                          "\nMIIEowIBAAKCAQEAx0secretbody\nabcd==\n" + dashes + "END RSA PRIVATE KEY" +
                          dashes;
  return {
      {"GitHub token", "fetch " + of("ghp_", 36) + " done", of("ghp_", 36)},
      {"GitHub token in JSON", "{\"log\": \"\\n" + of("gho_", 36) + "\"}", of("gho_", 36)},
      {"GitHub fine-grained", of("github_pat_", 82), of("github_pat_", 82)},
      {"GitLab token", "PRIVATE-TOKEN: " + of("glpat-", 20), of("glpat-", 20)},
      {"AWS key", "id=" + of("AKIA", 16, "A1B2C3D4"), of("AKIA", 16, "A1B2C3D4")},
      {"AWS secret", "aws_secret_access_key = " + of("wJalrXUtnFEMI/K7", 24), of("wJalrXUtnFEMI/K7", 24)},
      {"Slack token", of("xoxb-", 30), of("xoxb-", 30)},
      {"Slack hook", "https://hooks.slack.com/services/" + of("T0", 8) + "/B00/" + of("x", 20), of("x", 20)},
      {"Stripe key", of("sk_live_", 24), of("sk_live_", 24)},
      {"Google key", of("AIza", 35), of("AIza", 35)},
      {"npm token", "//npm.example.invalid/:_authToken=" + of("npm_", 36), of("npm_", 36)},
      {"npm old token", "//r.example/:_authToken=" + of("", 24), of("", 24)},
      {"PyPI token", of("pypi-AgEIcHlwaS5vcmc", 60), of("pypi-AgEIcHlwaS5vcmc", 60)},
      {"JWT", "jwt " + of("eyJhbGciOi", 12) + "." + of("eyJzdWIi", 12) + "." + of("", 20),
       of("eyJzdWIi", 12)},
      {"SendGrid", of("SG.", 22) + "." + of("", 43), of("", 43)},
      {"Vault", of("hvs.", 30), of("hvs.", 30)},
      {"private key", key, "MIIEowIBAAKCAQEAx0secretbody"},
      {"cut private key", key.substr(0, 60), "MIIEowIBAAKC"},
      {"private key in JSON",
       dashes + "BEGIN PRIVATE " + "KEY" + dashes + "\\nMIIEsecretbody\\n" + dashes + "END PRIVATE KEY" +
           dashes + "\\n",
       "MIIEsecretbody"},
      {"URL", "postgresql://app:hunter2@db.example:5432/x?sslmode=require", "hunter2"},
      {"URL, no user", "redis://:hunter2@cache:6379/0", "hunter2"},
      {"URL, at sign", "postgresql://app:hun@ter2@db/x", "hun@ter2"},
      {"URL, asyncpg", "postgresql+asyncpg://app:hun%40ter2@db/x", "hun%40ter2"},
      {"URL, token as user", "https://" + of("", 40) + "@github.com/o/r.git", of("", 40)},
      {"URL, x-access-token", "https://x-access-token:" + of("ghs_", 36) + "@github.com/o/r", of("ghs_", 36)},
      {"index URL", "--index-url https://__token__:s3cr3tvalue@pypi.example/simple", "s3cr3tvalue"},
      {"URL in SQL", "CONNECTION 'postgresql://rep:hunter2@h/db'", "hunter2"},
      {"URL parameter", "postgresql://h/db?user=a&password=hunter2&x=1", "hunter2"},
      {"conninfo", "host=db user=app password=hunter2 dbname=x", "hunter2"},
      {"conninfo, quoted", "host=db password='hun ter2' dbname=x", "hun ter2"},
      {"conninfo, odd", "dbname=x password=a;b&c(d user=y", "a;b&c(d"},
      {"environment", "PGPASSWORD=hunter2", "hunter2"},
      {"environment, export", "export DB_PASSWORD=\"hunter2\"", "hunter2"},
      {"shell", "PGPASSWORD=hunter2 psql -h db", "hunter2"},
      {"YAML", "      POSTGRES_PASSWORD: hunter2\n", "hunter2"},
      {"YAML, quoted", "password: 'hunter2'", "hunter2"},
      {"JSON", "{\"password\": \"hunter2\", \"a\": 1}", "hunter2"},
      {"JSON in JSON", "{\"x\": \"{\\\"password\\\": \\\"hunter2\\\"}\"}", "hunter2"},
      {"JUnit", "<system-out>password=&quot;hunter2&quot;</system-out>", "hunter2"},
      {"option", "mytool --password hunter2 --verbose", "hunter2"},
      {"option, =", "mytool --api-key=abc123def456", "abc123def456"},
      {"netrc", "machine api.example login joe password hunter2", "hunter2"},
      {"netrc, lines", "machine api.example\n  login joe\n  password hunter2\n", "hunter2"},
      {"Basic", "Authorization: Basic dXNlcjpodW50ZXIy", "dXNlcjpodW50ZXIy"},
      {"git's extra header", "http.extraheader AUTHORIZATION: basic eDp5enp6enp6", "eDp5enp6enp6"},
      {"Basic, bare", "curl -H 'basic dXNlcjpodW50ZXIy'", "dXNlcjpodW50ZXIy"},
      {"Bearer", "authorization: Bearer abcdefgh", "abcdefgh"},
      {"user mapping",
       "CREATE USER MAPPING FOR app SERVER s OPTIONS (\n    password 'hun''ter2',\n    \"user\" 'joe'\n);",
       "hun''ter2"},
      {"subscription", "CREATE SUBSCRIPTION s CONNECTION 'host=h user=u password=hunter2' PUBLICATION p",
       "hunter2"},
      {"role", "ALTER ROLE app WITH LOGIN PASSWORD 'hunter2';", "hunter2"},
      {"role, verifier", of("SCRAM-SHA-256$4096:", 24) + "==$" + of("", 43) + "=:" + of("", 43) + "=",
       of("", 43)},
      {"dump's rows", "COPY public.users (id, mail) FROM stdin;\n1\tjoe@example\n2\tann@example\n\\.\n",
       "ann@example"},
      {"Azure", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + of("", 40) + "==;", of("", 40)},
      {"Docker's configuration", "{\"auths\": {\"r.example\": {\"auth\": \"dXNlcjpodW50ZXIyaHVudGVyMg==\"}}}",
       "dXNlcjpodW50ZXIyaHVudGVyMg=="},
      {"Docker token", of("dckr_pat_", 27), of("dckr_pat_", 27)},
      {"Hugging Face", "HF=" + of("hf_", 34, "aBcDeFgHiJ"), of("hf_", 34, "aBcDeFgHiJ")},
      {"Shopify", of("shpat_", 32, "0a1b2c3d4e5f6789"), of("shpat_", 32, "0a1b2c3d4e5f6789")},
      {"DigitalOcean", of("dop_v1_", 64, "0a1b2c3d4e5f6789"), of("dop_v1_", 64, "0a1b2c3d4e5f6789")},
      {"Databricks", of("dapi", 32, "0a1b2c3d4e5f6789"), of("dapi", 32, "0a1b2c3d4e5f6789")},
      {"API key, prefix", of("sk-ant-", 40), of("sk-ant-", 40)},
      {"API key, project", of("sk-proj-", 40), of("sk-proj-", 40)},
      {"Google client secret", of("GOCSPX-", 28), of("GOCSPX-", 28)},
      {"Google access token", of("ya29.", 60), of("ya29.", 60)},
      {"Sentry", of("sntrys_", 60), of("sntrys_", 60)},
      {"Linear", of("lin_api_", 40), of("lin_api_", 40)},
      {"age", of("AGE-SECRET-KEY-1", 58, "QPZRY9X8GF2TVDW0"), of("AGE-SECRET-KEY-1", 58, "QPZRY9X8GF2TVDW0")},
      {"OpenSSH key",
       dashes + "BEGIN OPENSSH PRIVATE " + "KEY" + dashes + "\nb3BlbnNzaC1rZXktdjEAAAAA\n" + dashes +
           "END OPENSSH PRIVATE KEY" + dashes,
       "b3BlbnNzaC1rZXktdjEAAAAA"},
      {"PGP key",
       dashes + "BEGIN PGP PRIVATE " + "KEY BLOCK" + dashes + "\n\nlQOYBGsecretbody\n=abcd\n" + dashes +
           "END PGP PRIVATE KEY BLOCK" + dashes,
       "lQOYBGsecretbody"},
      {"encrypted key",
       dashes + "BEGIN ENCRYPTED PRIVATE " + "KEY" + dashes + "\nMIIFHDBOBgkqhki\n" + dashes +
           "END ENCRYPTED PRIVATE KEY" + dashes,
       "MIIFHDBOBgkqhki"},
      {"AMQP URL", "CELERY_BROKER_URL=amqp://app:hunter2@mq:5672//", "hunter2"},
      {"MongoDB URL", "mongodb+srv://app:hunter2@cluster0.example/db", "hunter2"},
      {"SQLAlchemy URL", "sqlalchemy.url = postgresql+psycopg2://app:hunter2@db/x", "hunter2"},
      {"SMTP URL", "smtps://joe%40example:hunter2@mail.example:465", "hunter2"},
      {"proxy", "https_proxy=http://joe:hunter2@proxy:3128", "hunter2"},
      {"remote of git", "origin\thttps://joe:hunter2@git.example/o/r.git (fetch)", "hunter2"},
      {"requirement", "pkg @ git+https://joe:hunter2@git.example/o/r.git@v1", "hunter2"},
      {"index in JUnit",
       "<system-err>Looking in indexes: https://joe:hunter2@pypi.example/simple</system-err>", "hunter2"},
      {"server option", "CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'h', api_key 'k-1234567890');",
       "k-1234567890"},
      {"user mapping, changed", "ALTER USER MAPPING FOR app SERVER s OPTIONS (SET password 'hunter2');",
       "hunter2"},
      {"subscription, quoted",
       "CREATE SUBSCRIPTION s CONNECTION 'host=h password=''hun ter2'' user=u' PUBLICATION p;", "hun ter2"},
      {"role, escape string", "CREATE ROLE app LOGIN PASSWORD E'hun\\'ter2';", "ter2"},
      {"sslpassword", "host=h user=u sslpassword=hunter2", "hunter2"},
      {"header", "X-Api-Key: k1234567890abcdef", "k1234567890abcdef"},
      {"Vault header", "X-Vault-Token: s.1234567890abcdef", "s.1234567890abcdef"},
      {"curl", "curl --user-token abc123def456 https://h/", "abc123def456"},
      {"Django", "SECRET_KEY = 'django-insecure-1a2b3c4d5e6f'", "django-insecure-1a2b3c4d5e6f"},
      {"TOML", "api_key = \"k-1234567890\"", "k-1234567890"},
      {"INI", "password = hunter2\n", "hunter2"},
      {"Kubernetes", "  client_secret: bXktc2VjcmV0LXZhbHVl1\n", "bXktc2VjcmV0LXZhbHVl1"},
      {"coloured", "password=\x1b[31mhun\x1b[0mter2", "ter2"},
  };
}

}  // namespace exitgate
