#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/facts/tables/answers.h"
#include "harness/facts/tables/asked.h"
#include "harness/facts/tables/ci.h"
#include "harness/facts/tables/code.h"
#include "harness/facts/tables/commands.h"
#include "harness/facts/tables/environment.h"
#include "harness/facts/tables/repo.h"
#include "harness/report/page.h"
#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

using test::SampleRun;
using testing::HasSubstr;
using testing::Not;

std::string evidence(const SampleRun& sample) {
  sample.write();
  return render_markdown(load_run(sample.root()));
}

TEST(Page, NothingInTheDataIsMarkup) {
  const std::vector<std::pair<Inline, std::string>> cases = {
      {plain("a_b *c* [d](e)"), "a\\_b \\*c\\* \\[d\\](e)"},
      {plain("<script>&"), "&lt;script>&amp;"},
      {plain("a\nb\tc\x1b\x01\x03"), "a␤b c\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
      {plain("`$x` # ~"), "\\`\\$x\\` \\# \\~"},
      {plain(""), ""},
      {code("a*b<c"), "`a*b<c`"},
      {code("a`b"), "``a`b``"},
      {code("`a"), "`` `a ``"},
      {code("a``b`"), "``` a``b` ```"},
      {code(" "), "`   `"},
      {code("a\nb\x03"), "`a␤b\xEF\xBF\xBD`"},
      {code(""), ""},
      {strong("*a*"), "**\\*a\\***"},
      {"x " + code("y") + strong("z") + " w", "x `y`**z** w"},
      {prose("run `a b`, then `c`"), "run `a b`, then `c`"},
      {prose("one ` only *x*"), "one \\` only \\*x\\*"},
      {prose("``"), ""},
      {code_place("a.yml", 3), "`a.yml:3`"},
      {code_place("a.yml", 0), "`a.yml`"},
      {code_place("", 3), ""},
  };
  for (const auto& [text, markdown] : cases) EXPECT_EQ(inline_markdown(text), markdown);
  EXPECT_EQ(inline_html(plain("<b>&\"") + code("<i>") + strong("x")),
            "&lt;b&gt;&amp;&quot;<code>&lt;i&gt;</code><strong>x</strong>");
}

TEST(Page, BothRenderings) {
  Page page;
  page.heading(2, plain("A *title*"));
  page.table({"a", "b"}, {{code("x|y"), "1"}, {"z", "2"}, {"w", "3"}}, 2, "ask");
  page.commands({"git show ``` <a>"});
  page.list({plain("one"), code("two")});
  EXPECT_EQ(page.markdown(),
            "## A \\*title\\*\n"
            "\n"
            "| a | b |\n"
            "| --- | --- |\n"
            "| `x\\|y` | 1 |\n"
            "| z | 2 |\n"
            "\n"
            "… and 1 more: ask\n"
            "\n"
            "````sh\n"
            "git show ``` <a>\n"
            "````\n"
            "\n"
            "- one\n"
            "- `two`\n");
  EXPECT_EQ(page.html(),
            "<h2>A *title*</h2>\n"
            "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Table: a, b\"><table>\n"
            "<tr><th>a</th><th>b</th></tr>\n"
            "<tr><td><code>x|y</code></td><td>1</td></tr>\n"
            "<tr><td>z</td><td>2</td></tr>\n"
            "</table></div>\n"
            "<p>… and 1 more: ask</p>\n"
            "<pre tabindex=\"0\" role=\"region\" aria-label=\"Commands\">git show ``` &lt;a&gt;\n</pre>\n"
            "<ul>\n<li>one</li>\n<li><code>two</code></li>\n</ul>\n");
}

TEST(Evidence, SectionsStandInTheSeedsOrderAndSayWhatIsAbsent) {
  const SampleRun sample;
  const std::string text = evidence(sample);
  std::size_t at = 0;
  for (const char* title :
       {"# Evidence: shop\n", "## Chain-of-custody\n", "## CI workflow inventory (repo truth)\n",
        "## Artifact capability audit\n", "## DB provisioning truth (migrations vs ORM)\n",
        "## Hook/injection points for evidence generation\n",
        "## Schema snapshot feasibility (pg\\_dump + existing evidence)\n",
        "## Evidence, manifest and checksum tooling\n", "## Candidate evidence bundle inventory\n",
        "## Double entry: the facts and other counts of them\n", "## Gaps summary mapped to exit gates\n"}) {
    const std::size_t found = text.find(title, at);
    ASSERT_NE(found, std::string::npos) << title;
    at = found;
  }
  EXPECT_THAT(text, HasSubstr("- Branch: not collected in this run\n"));
  for (const char* domain : {"repo", "ci", "code", "migrations", "schema", "environment"}) {
    EXPECT_THAT(text, HasSubstr(fmt::format("The `{}` facts were not collected in this run.\n", domain)));
  }
  EXPECT_THAT(text, Not(HasSubstr("No fixture"))) << "what was not looked at is not said to be absent";
  EXPECT_THAT(text, Not(HasSubstr("No code, setting or command")));
}

TEST(Evidence, ListsWhatGatesOfTheRepositorysOwnAsked) {
  SampleRun sample;
  EXPECT_THAT(evidence(sample), Not(HasSubstr("## What gates of the repository")));
  {
    auto store = sample.store("asked");
    for (const bool example : {false, true}) {
      store.insert(facts::asked::Request{.gate = "EG-ACME1.no-print",
                                         .example = example,
                                         .kind = facts::asked::RequestKind::text,
                                         .question = R"({"pattern":"print\\("})",
                                         .examined = 12,
                                         .found = 2});
    }
    store.insert(facts::asked::Problem{
        .gate = "EG-ACME1.no-print", .example = false, .file = "a.bin", .reason = "it has NUL bytes"});
    store.close();
  }
  {
    auto store = sample.store("commands");
    store.insert(facts::commands::Run{.gate = "EG-ACME1.lint",
                                      .file = "exitgate.yaml",
                                      .line = 7,
                                      .command = "sh lint.sh",
                                      .directory = "",
                                      .network = false,
                                      .exit_code = 1,
                                      .outcome = "exit code 1",
                                      .completed = true,
                                      .milliseconds = 40,
                                      .log = "logs/gates/EG-ACME1.lint.log",
                                      .bytes = 10,
                                      .cut = false});
    store.close();
  }
  {
    auto store = sample.store("answers");
    store.insert(facts::answers::Query{.gate = "EG-ACME1.comments",
                                       .file = "exitgate.yaml",
                                       .line = 9,
                                       .of = facts::answers::QueryOf::migrated,
                                       .query = "SELECT 1",
                                       .state = facts::answers::QueryState::answered,
                                       .columns = "[]",
                                       .found = 3});
    store.close();
  }
  const auto text = evidence(sample);
  for (const char* expected :
       {"## What gates of the repository's own asked\n",
        "| `EG-ACME1.no-print` | text | `{\"pattern\":\"print\\\\(\"}` | 2 of 12 files | 1 |\n",
        "| `EG-ACME1.lint` | `sh lint.sh` | exit code 1 | 40 | no | `logs/gates/EG-ACME1.lint.log` | "
        "`exitgate.yaml:7` |\n",
        "| `EG-ACME1.comments` | migrated | `SELECT 1` | 3 rows | `exitgate.yaml:9` |\n"}) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
}

class Filled : public testing::Test {
 protected:
  void fill() {
    {
      auto store = sample_.store("repo");
      store.insert(facts::repo::Checkout{.oid = "0123456789abcdef",
                                         .tree = "89ab",
                                         .branch = "feature",
                                         .committed_at = "2026-01-14T02:07:55Z",
                                         .subject = "Fix <b>the</b> build",
                                         .dirty = true,
                                         .shallow = false,
                                         .head = "0123456789abcdef"});
      store.insert(facts::repo::Change{.status = "assume-unchanged", .path = "app/main.py"});
      store.insert(facts::repo::File{
          .path = ".github/workflows/.gitkeep", .mode = "100644", .oid = "e69d", .size = 0});
      store.insert(facts::repo::Remote{.name = "origin", .url = "https://example.org/a.git"});
      store.close();
    }
    {
      auto store = sample_.store("ci");
      store.insert(
          facts::ci::Workflow{.file = ".github/workflows/ci.yml", .name = "CI | all", .provider = "github"});
      store.insert(facts::ci::Workflow{.file = ".github/workflows/broken.yml",
                                       .provider = "github",
                                       .problem = "line 3: duplicate key 'on'"});
      store.insert(facts::ci::Trigger{.file = ".github/workflows/ci.yml",
                                      .line = 3,
                                      .event = "pull_request",
                                      .filters = R"({"branches":["main"]})"});
      store.insert(facts::ci::Artifact{.file = ".github/workflows/ci.yml",
                                       .line = 20,
                                       .job = "test",
                                       .position = 2,
                                       .direction = facts::ci::Direction::upload,
                                       .action = "actions/upload-artifact",
                                       .ref = "v4",
                                       .pin = facts::ci::Pin::ref,
                                       .name = "logs-${{ matrix.a || 'x' }}",
                                       .retention = "7",
                                       .retention_days = 7,
                                       .on_pull_request = facts::ci::OnPullRequest::yes,
                                       .other_run = false});
      store.close();
    }
    {
      auto store = sample_.store("code");
      store.insert(facts::code::Fixture{.file = "tests/conftest.py",
                                        .line = 9,
                                        .name = "engine",
                                        .scope = facts::code::FixtureScope::session,
                                        .framework = "pytest"});
      store.close();
    }
    sample_.add(SampleRun::verdict(
        "EG-A1.kept", verdict::Status::fail,
        {SampleRun::finding(".github/workflows/ci.yml", 20, "kept for 7 days", "keep 30"),
         SampleRun::finding(".github/workflows/ci.yml", 40, "kept for 7 days", "keep 30")}));
    sample_.add(SampleRun::verdict("EG-B2.based", verdict::Status::pass));
    sample_.add_not_run("EG-B2.other");
  }
  SampleRun sample_;
};

TEST_F(Filled, EachFactHasItsPlaceAndACommand) {
  fill();
  const std::string text = evidence(sample_);
  for (const char* expected : {
           "- Branch: `feature`\n",
           "| subject | Fix &lt;b>the&lt;/b> build | `git log -1 --format=%s $C` |\n",
           "| work tree | differs from the commit | `git status --porcelain` |\n",
           "| `assume-unchanged` | `app/main.py` |\n",
           "| `origin` | `https://example.org/a.git` | cannot be told |\n",
           "2 workflow files:\n",
           "| `.github/workflows/broken.yml` |  |  | no: line 3: duplicate key 'on' |\n",
           "| `.github/workflows/ci.yml` | CI \\| all | pull\\_request | yes |\n",
           "| `.github/workflows/.gitkeep` |\n",
           "1 workflow triggered by pull requests:\n",
           "| `.github/workflows/ci.yml:3` | `pull_request` | `{\"branches\":[\"main\"]}` |\n",
           "1 artifact step, 1 of them with a retention in days:\n",
           "| `.github/workflows/ci.yml:20` | upload | `actions/upload-artifact@v4` | ref | `logs-${{ "
           "matrix.a \\|\\| 'x' "
           "}}` | `7` |  |  | `yes` |\n",
           "No code, setting or command makes or drops tables",
           "| `tests/conftest.py:9` | `engine` | pytest |\n",
           "Neither `pytest_sessionstart` nor `pytest_sessionfinish` is defined.\n",
           "sqlite3 -header -column facts/code.db \"SELECT * FROM fixture WHERE scope = 'session'\"\n",
           "### EG-A1 (Artifacts): red\n\nGap: `EG-A1.kept` (2 findings).\n",
           "| `EG-A1.kept` | The title of EG-A1.kept | fail | 3 | 2 | turned red | 1 |\n",
           "- `.github/workflows/ci.yml:20`, `.github/workflows/ci.yml:40`: kept for 7 days — keep 30\n",
           "### EG-B2 (Base): green\n\nNo gap: every gate that applies passed.\n",
           "| `EG-B2.other` | The title of EG-B2.other | not run |  |  | not tried |  |\n",
       }) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
}

TEST(Evidence, NamesTheWaiversThatAcceptNothing) {
  SampleRun sample;
  auto verdict = SampleRun::verdict("EG-A1.kept", verdict::Status::pass);
  verdict.stale_waivers = {"exitgate.yaml:9: the waiver of 'x' matches no finding"};
  sample.add(verdict);
  EXPECT_THAT(evidence(sample), HasSubstr("Waivers to renew or to remove:\n\n"
                                          "- exitgate.yaml:9: the waiver of 'x' matches no finding\n"));
  EXPECT_THAT(render_html(load_run(sample.root())),
              HasSubstr("<h2>Waivers to renew or to remove</h2>\n<ul>\n"
                        "<li>exitgate.yaml:9: the waiver of 'x' matches no finding</li>\n"
                        "</ul>\n"));
}

TEST(Evidence, SaysWhichCommitOfAPullRequestWasExamined) {
  const std::string examined = "0123456789abcdef0123456789abcdef01234567";
  struct Case {
    std::optional<std::string> commit;
    std::optional<std::string> head;
    std::string said;
  };
  const std::vector<Case> cases = {
      {"merge", examined, "the head of the pull request's branch"},
      {examined, "head", "the service's temporary merge of the pull request, which no branch will hold"},
      {examined, examined, "the head of the pull request's branch"},
      {examined, std::nullopt, "the commit that the service ran for"},
      {"other", std::nullopt, "another commit than the service ran for"},
      {std::nullopt, std::nullopt, "the service does not say which commit it ran for"},
  };
  for (const auto& [commit, head, said] : cases) {
    const SampleRun sample;
    auto store = sample.store("environment");
    store.insert(facts::environment::CiRun{.service = "github", .commit_oid = commit, .head_oid = head});
    store.close();
    EXPECT_THAT(evidence(sample), HasSubstr(fmt::format("| examined here | {} |\n", said)));
  }
}

TEST_F(Filled, TheSameRunGivesTheSameText) {
  fill();
  EXPECT_EQ(evidence(sample_), evidence(sample_));
}

TEST_F(Filled, AStoreOfAnotherVersionIsSaidAndTheRestStands) {
  fill();
  std::filesystem::copy_file(sample_.run().facts() / "repo.db", sample_.run().facts() / "ci.db",
                             std::filesystem::copy_options::overwrite_existing);
  const std::string text = evidence(sample_);
  EXPECT_THAT(text, HasSubstr("This section could not be completed: the query has a mistake: no such table"));
  EXPECT_THAT(text, HasSubstr("| `tests/conftest.py:9` | `engine` | pytest |\n"));
}

}  // namespace
}  // namespace exitgate::report
