// Secrets planted where a run meets them: none may be in the archive, in any encoding.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/archive/seal.h"
#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "harness/collect/secrets/scan.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/code.h"
#include "harness/redact/encodings.h"
#include "harness/redact/redactor.h"
#include "tests/archive/sample_run.h"
#include "tests/redact/planted.h"

namespace exitgate::archive {
namespace {

using collect::secrets::scan;
using collect::secrets::to_string;

namespace fs = std::filesystem;

class Everything : public archive::PayloadVisitor {
 public:
  void begin(const std::string& path, std::uint64_t) override { text += path + "\n"; }
  void bytes(std::string_view piece) override { text += piece; }
  void end() override { text += "\n"; }
  std::string text;
};

std::string content_of(const fs::path& archive) {
  Everything everything;
  archive::read_bag(archive, &everything);
  return everything.text;
}

TEST(Secrets, NoneOfMoreThanSeventyFivePlantedOnesIsInTheArchive) {
  const TemporaryDirectory folder("exitgate-secrets");
  const fs::path run = folder.path() / "run";
  write_sample_run(run);
  redact::Redactor redactor;
  const std::vector<std::string> known = {"tr0ub4dor&3x", "p@ss w0rd/\"quoted\"", "a+b=c%d\\e-secret",
                                          "schl\xC3\xBCssel<77>", "kUbernetes-9!"};
  for (const auto& value : known) redactor.add_secret(value);
  const auto all = planted();
  ASSERT_GE(all.size() + known.size(), 75U);
  std::size_t masked = 0;
  std::string log;
  for (const auto& one : all) log += one.text + "\n";
  for (const auto& value : known) {
    for (const auto& form : redact::forms_of(value)) log += "said " + form.text + "\n";
  }
  write_file(run / "logs" / "planted.log", redactor.redact(log, &masked));
  write_file(run / "environment" / "planted.json", redactor.redact(log));
  facts::Store store(run / "facts", "code");
  int line = 0;
  for (const auto& one : all) {
    store.insert(facts::code::Mention{.file = "a.py",
                                      .line = ++line,
                                      .term = "planted",
                                      .context = facts::code::MentionContext::code,
                                      .text = one.text});
  }
  store.close();
  EXPECT_GE(masked, all.size());

  const auto sealed = seal({.run = run, .archive = folder.path() / "a.tar.zst"});
  const std::string text = content_of(sealed.archive);
  EXPECT_THAT(text, testing::HasSubstr("***"));
  const auto absent = [&](const std::string& secret) {
    for (const auto& form : redact::forms_of(secret)) {
      EXPECT_EQ(text.find(form.text), std::string::npos) << secret << " as " << form.text;
    }
  };
  for (const auto& one : all) absent(one.secret);
  for (const auto& value : known) absent(value);
}

std::vector<std::string> described(const fs::path& run) {
  std::vector<std::string> lines;
  for (const auto& one : scan(run)) lines.push_back(to_string(one));
  return lines;
}

TEST(Secrets, TheScanFindsEachWhereverItIs) {
  const TemporaryDirectory folder("exitgate-secrets");
  const fs::path run = folder.path() / "run";
  write_sample_run(run);
  EXPECT_THAT(described(run), testing::IsEmpty());
  for (const auto& one : planted()) {
    write_file(run / "logs" / "app.log", "one\n" + one.text + "\n");
    EXPECT_THAT(described(run), testing::Contains(testing::StartsWith("logs/app.log: line "))) << one.what;
  }
  // Far behind the start of a log, over the edge of what is read at once.
  std::string log;
  while (log.size() < (9U << 20)) log += "an ordinary line of a log without anything in it\n";
  const std::size_t lines = static_cast<std::size_t>(std::count(log.begin(), log.end(), '\n'));
  write_file(run / "logs" / "app.log", log + "PGPASSWORD=hunter2\n");
  EXPECT_THAT(described(run),
              testing::ElementsAre(fmt::format("logs/app.log: line {}: password", lines + 1)));
}

}  // namespace
}  // namespace exitgate::archive
