// What an archive says of its run in several places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "harness/archive/consistency.h"
#include "harness/json/json.h"

namespace exitgate::archive {
namespace {

struct Archive {
  Json record = {{"commit", "c"},
                 {"tree", "t"},
                 {"outcome", "fail"},
                 {"gates", {"A.one", "A.two", "B.three"}},
                 {"selected", {"A.one", "A.two"}},
                 {"not_run", {"B.three"}}};
  Info info = {{"Exitgate-Tree", "t"},
               {"Exitgate-Outcome", "fail"},
               {"Exitgate-Verdicts", "1 pass, 1 fail, 0 skip, 0 error, 1 not evaluated"}};
  RunDocuments documents = {{"A.one", "A.two", "B.three"}, {{"A.one", "pass"}, {"A.two", "fail"}}};
};

TEST(Record, EveryPlaceMustSayTheSame) {
  const std::string counts =
      "bag-info.txt counts 1 pass, 1 fail, 0 skip, 0 error, 1 not evaluated, the verdicts are ";
  const struct {
    std::string what;
    std::function<void(Archive&)> change;
    std::vector<std::string> problems;
  } cases[] = {
      {"as it is", [](Archive&) {}, {}},
      {"another tree", [](Archive& a) { a.record["tree"] = "u"; }, {"run.json names tree u, bag-info.txt t"}},
      {"a better outcome in bag-info.txt",
       [](Archive& a) { a.info[1].second = "pass"; },
       {"run.json names outcome fail, bag-info.txt pass"}},
      {"a better outcome in both",
       [](Archive& a) {
         a.info[1].second = "pass";
         a.record["outcome"] = "pass";
       },
       {"the outcome is pass, and 1 of the verdicts is fail or error"}},
      {"better counts",
       [](Archive& a) { a.info[2].second = "2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated"; },
       {"bag-info.txt counts 2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated, the verdicts are 1 pass, 1 "
        "fail, "
        "0 skip, 0 error, 1 not evaluated"}},
      {"a better verdict",
       [](Archive& a) { a.documents.verdicts["A.two"] = "pass"; },
       {counts + "2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated"}},
      {"a verdict taken out",
       [](Archive& a) { a.documents.verdicts.erase("A.two"); },
       {"A.two was evaluated and its verdict is missing",
        counts + "1 pass, 0 fail, 0 skip, 0 error, 2 not evaluated"}},
      {"and said to be withheld",
       [](Archive& a) {
         a.documents.verdicts.erase("A.two");
         a.info.emplace_back("Exitgate-Incomplete",
                             "withheld, looks like a secret: verdicts/A.two.json: line 3: password");
       },
       {}},
      {"a verdict put in",
       [](Archive& a) { a.documents.verdicts["B.three"] = "pass"; },
       {"B.three was not evaluated and has a verdict",
        counts + "2 pass, 1 fail, 0 skip, 0 error, 0 not evaluated"}},
      {"a gate taken out of the suite",
       [](Archive& a) { a.documents.gates.erase("B.three"); },
       {"B.three is a gate of the run and not in its suite",
        counts + "1 pass, 1 fail, 0 skip, 0 error, 0 not evaluated"}},
      {"a gate taken out of run.json",
       [](Archive& a) {
         a.record["gates"] = {"A.one", "A.two"};
       },
       {"B.three is in the suite and no gate of the run"}},
      {"a pass of nothing",
       [](Archive& a) {
         a = Archive{{{"tree", "t"}, {"outcome", "pass"}}, {{"Exitgate-Tree", "t"}}, {}};
       },
       {"the outcome is pass, and no verdict is"}},
      {"a run that did not finish",
       [](Archive& a) {
         a = Archive{{{"tree", "t"}}, {{"Exitgate-Tree", "t"}}, {}};
       },
       {}},
      {"no record at all",
       [](Archive& a) {
         a = Archive{Json::array(), {}, {}};
       },
       {}},
  };
  for (const auto& [what, change, problems] : cases) {
    SCOPED_TRACE(what);
    Archive archive;
    change(archive);
    EXPECT_EQ(record_problems(archive.record, archive.info, archive.documents), problems);
  }
}

}  // namespace
}  // namespace exitgate::archive
