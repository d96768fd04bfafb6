// Go: hooks and tests of its testing package, testify and Ginkgo; the environment by os, viper and struct tags; tables made by
// GORM, ent, Bun, xorm and go-pg.
#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/language.h"
#include "harness/collect/code/languages/go/go_facts.h"

namespace exitgate::collect::code::languages {

namespace {

constexpr std::string_view kTesting = "Go testing";
constexpr std::string_view kTestify = "testify";
constexpr std::string_view kGinkgo = "Ginkgo";

void find(const ParsedFile& file, FileFacts& facts) {
  const go::GoNames names(file.tree);
  go::find_hooks(file.path, names, facts.hooks);
  go::find_environment_reads(names, facts.environment_reads);
  go::find_viper_reads(names, facts.environment_reads);
  go::find_tag_reads(names, facts.environment_reads);
  go::find_schema_calls(names, facts.schema_calls);
}

// `go test` reads what ends in _test.go, but for folders named testdata and names that begin with "_" or ".".
bool is_test(std::string_view path) {
  if (!path.ends_with("_test.go")) return false;
  for (std::string_view at = path; !at.empty(); at = folder_of(at)) {
    const auto name = name_of(at);
    if (name == "testdata" || name.starts_with("_") || name.starts_with(".")) return false;
  }
  return true;
}

void look(std::string_view path, std::string_view content, FileFacts& facts) {
  if (!is_test(path)) return;
  const auto has = [&](std::string_view word) { return content.find(word) != std::string_view::npos; };
  const std::string_view framework = has("\"github.com/onsi/ginkgo")                ? kGinkgo
                                     : has("\"github.com/stretchr/testify/suite\"") ? kTestify
                                                                                    : kTesting;
  add_test_file("go", framework, 0, facts);
  // Its suites are functions of go test, whose TestMain is theirs.
  if (framework == kTestify)
    facts.frameworks.push_back({std::string(kTesting), "go", 0, facts::code::FrameworkEvidence::test});
}

void read_manifest(std::string_view path, std::string_view content, FileFacts& facts) {
  (void)path;
  int line = 0;
  for (const auto& text : split(content, '\n')) {
    ++line;
    auto words = trim(text);
    if (words.starts_with("require ")) words = trim(words.substr(8));
    if (!words.starts_with("github.com/onsi/ginkgo") || words.find("// indirect") != std::string_view::npos)
      continue;
    facts.frameworks.push_back(
        {std::string(kGinkgo), "go", line, facts::code::FrameworkEvidence::dependency});
  }
}

}  // namespace

Language go() {
  return {
      .name = "go",
      .endings = {{".go", "go", syntax::go}},
      .words = {"TestMain",       "SetupSuite",   "TearDownSuite", "BeforeSuite",  "AfterSuite",
                "BeforeAll(",     "AfterAll(",    "os.Getenv",     "LookupEnv",    "os.Setenv",
                "syscall.Getenv", "\"os\"",       "BindEnv",       "AutomaticEnv", "env:\"",
                "envconfig:\"",   "AutoMigrate(", "CreateTable",   "DropTable",    "Schema.Create(",
                "Sync2(",         ".Sync("},
      .find = find,
      .look = look,
      .manifests = {"go.mod"},
      .read_manifest = read_manifest,
      .frameworks =
          {
              {.name = std::string(kTesting),
               .modules = {"testing"},
               .remark = "no hooks of a whole session: each package is a test program of its own, and "
                         "TestMain is of one package"},
              {.name = std::string(kTestify),
               .modules = {"github.com/stretchr/testify/suite"},
               .remark = "no hooks of a whole session: SetupSuite and TearDownSuite are of one suite, "
                         "TestMain of one package",
               .run_by = {std::string(kTesting)}},
              {.name = std::string(kGinkgo),
               .dependencies = {"github.com/onsi/ginkgo", "github.com/onsi/ginkgo/v2"},
               .modules = {"github.com/onsi/ginkgo", "github.com/onsi/ginkgo/v2"},
               .session_start = "BeforeSuite",
               .start_hint = "write `var _ = BeforeSuite(func() { … })`",
               .session_end = "AfterSuite",
               .end_hint = "write `var _ = AfterSuite(func() { … })`, or ReportAfterSuite for its report",
               .place = "suite_test.go",
               .remark = "Each package is a suite of its own"},
          },
  };
}

}  // namespace exitgate::collect::code::languages
