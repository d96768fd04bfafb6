// What an archive says of its run in several places.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "harness/archive/consistency.h"

namespace exitgate::archive {
namespace {

using record::Outcome;

struct Archive {
  record::RunRecord record;
  Info info = {{"Exitgate-Tree", "t"},
               {"Exitgate-Outcome", "fail"},
               {"Exitgate-Verdicts", "1 pass, 1 fail, 0 skip, 0 error, 1 not evaluated"},
               {"Exitgate-Suite", "d1"}};
  RunDocuments documents = {{"A.one", "A.two", "B.three"},
                            {{"A.one", {verdict::Status::pass}}, {"A.two", {verdict::Status::fail}}}};
  std::string suite_digest = "d1";  // of the sealed files

  Archive() {
    record.commit = "c";
    record.tree = "t";
    record.suite_digest = "d1";
    record.gates = {"A.one", "A.two", "B.three"};
    record.result = {"", {"A.one", "A.two"}, {"B.three"}, Outcome::fail, std::nullopt, {}};
  }
  // As versions before 2 wrote it.
  void make_old() {
    record.version = 1;
    record.suite_digest = "another";
  }
};

TEST(Record, EveryPlaceMustSayTheSame) {
  const std::string counts =
      "bag-info.txt counts 1 pass, 1 fail, 0 skip, 0 error, 1 not evaluated, the verdicts are ";
  const std::string withheld = "withheld, looks like a secret: verdicts/A.two.json: line 3: password";
  const struct {
    std::string what;
    std::function<void(Archive&)> change;
    std::vector<std::string> problems;
  } cases[] = {
      {"as it is", [](Archive&) {}, {}},
      {"another tree", [](Archive& a) { a.record.tree = "u"; }, {"run.json names tree u, bag-info.txt t"}},
      {"a better outcome in bag-info.txt",
       [](Archive& a) { a.info[1].second = "pass"; },
       {"bag-info.txt says the outcome is pass, and it amounts to fail"}},
      {"a better outcome in both",
       [](Archive& a) {
         a.info[1].second = "pass";
         a.record.result->outcome = Outcome::pass;
       },
       {"run.json says the outcome is pass, and its verdicts amount to fail",
        "bag-info.txt says the outcome is pass, and it amounts to fail"}},
      {"a part that sealing found missing",
       [](Archive& a) {
         a.documents.verdicts["A.two"].status = verdict::Status::pass;
         a.record.result->outcome = Outcome::pass;
         a.info[2].second = "2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated";
         a.info.emplace_back("Exitgate-Incomplete", "logs/a.log is missing");
       },
       {}},
      {"a part that is missing, and is not counted",
       [](Archive& a) {
         a.documents.verdicts["A.two"].status = verdict::Status::pass;
         a.record.result->outcome = Outcome::pass;
         a.record.result->incomplete = {"logs/a.log is missing"};
         a.info[1].second = "pass";
         a.info[2].second = "2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated";
         a.info.emplace_back("Exitgate-Incomplete", "logs/a.log is missing");
       },
       {"run.json says the outcome is pass, and its verdicts amount to fail",
        "bag-info.txt says the outcome is pass, and it amounts to fail"}},
      {"another suite digest in run.json",
       [](Archive& a) { a.record.suite_digest = "d2"; },
       {"run.json names the suite digest d2, bag-info.txt d1"}},
      {"another suite digest in bag-info.txt",
       [](Archive& a) { a.info[3].second = "d2"; },
       {"run.json names the suite digest d1, bag-info.txt d2",
        "the digest of the sealed suite is d1, bag-info.txt says d2"}},
      {"no suite digest in bag-info.txt",
       [](Archive& a) { a.info.pop_back(); },
       {"run.json names the suite digest d1, bag-info.txt ",
        "the digest of the sealed suite is d1, bag-info.txt says "}},
      {"another suite than the run's",
       [](Archive& a) { a.suite_digest = "d2"; },
       {"the digest of the sealed suite is d2, bag-info.txt says d1"}},
      {"a suite of which a file is withheld", [](Archive& a) { a.suite_digest = ""; }, {}},
      {"better counts",
       [](Archive& a) { a.info[2].second = "2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated"; },
       {"bag-info.txt counts 2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated, the verdicts are 1 pass, 1 "
        "fail, "
        "0 skip, 0 error, 1 not evaluated"}},
      {"a better verdict",
       [](Archive& a) { a.documents.verdicts["A.two"].status = verdict::Status::pass; },
       {counts + "2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated",
        "run.json says the outcome is fail, and its verdicts amount to pass",
        "bag-info.txt says the outcome is fail, and it amounts to pass"}},
      {"a verdict taken out",
       [](Archive& a) { a.documents.verdicts.erase("A.two"); },
       {"A.two was evaluated and its verdict is missing",
        counts + "1 pass, 0 fail, 0 skip, 0 error, 2 not evaluated",
        "run.json says the outcome is fail, and its verdicts amount to error",
        "bag-info.txt says the outcome is fail, and it amounts to error"}},
      {"and said to be withheld",
       [&](Archive& a) {
         a.documents.verdicts.erase("A.two");
         a.info.emplace_back("Exitgate-Incomplete", withheld);
       },
       {}},
      {"withheld, and the outcome is said to be a pass",
       [&](Archive& a) {
         a.documents.verdicts.erase("A.two");
         a.record.result->incomplete = {withheld};
         a.record.result->outcome = Outcome::pass;
         a.info[1].second = "pass";
         a.info.emplace_back("Exitgate-Incomplete", withheld);
       },
       {"run.json says the outcome is pass, and its verdicts amount to fail",
        "bag-info.txt says the outcome is pass, and it amounts to fail"}},
      {"a verdict put in",
       [](Archive& a) { a.documents.verdicts["B.three"].status = verdict::Status::pass; },
       {"B.three was not evaluated and has a verdict",
        counts + "2 pass, 1 fail, 0 skip, 0 error, 0 not evaluated"}},
      {"a gate taken out of the suite",
       [](Archive& a) { a.documents.gates.erase("B.three"); },
       {"B.three is a gate of the run and not in its suite",
        counts + "1 pass, 1 fail, 0 skip, 0 error, 0 not evaluated"}},
      {"a gate taken out of run.json",
       [](Archive& a) {
         a.record.gates = {"A.one", "A.two"};
       },
       {"B.three is in the suite and is not a gate of the run"}},
      {"a run that did not finish",
       [](Archive& a) {
         a.record.result.reset();
         a.info[1].second = "unfinished";
       },
       {}},
      {"a run that did not finish, shown as a pass",
       [](Archive& a) {
         a.record.result.reset();
         a.info[1].second = "pass";
       },
       {"bag-info.txt says the outcome is pass, and it amounts to unfinished"}},
      {"an old archive", [](Archive& a) { a.make_old(); }, {}},
      {"an old archive of another suite than the run's",
       [](Archive& a) {
         a.make_old();
         a.suite_digest = "d2";
       },
       {"the digest of the sealed suite is d2, bag-info.txt says d1"}},
      {"an old archive: a better outcome in bag-info.txt",
       [](Archive& a) {
         a.make_old();
         a.info[1].second = "pass";
       },
       {"run.json names outcome fail, bag-info.txt pass"}},
      {"an old archive: a better outcome in both",
       [](Archive& a) {
         a.make_old();
         a.info[1].second = "pass";
         a.record.result->outcome = Outcome::pass;
       },
       {"the outcome is pass, and 1 of the verdicts is fail or error"}},
      {"an old archive: a pass of nothing",
       [](Archive& a) {
         a.make_old();
         a.record.gates.clear();
         a.record.result = {"", {}, {}, Outcome::pass, std::nullopt, {}};
         a.info = {{"Exitgate-Tree", "t"}};
         a.documents = {};
       },
       {"the outcome is pass, and none of the verdicts is"}},
      {"an old archive: a part that is missing was not counted",
       [](Archive& a) {
         a.make_old();
         a.documents.verdicts["A.two"].status = verdict::Status::pass;
         a.record.result->outcome = Outcome::pass;
         a.info[1].second = "pass";
         a.info[2].second = "2 pass, 0 fail, 0 skip, 0 error, 1 not evaluated";
         a.info.emplace_back("Exitgate-Incomplete", "logs/a.log is missing");
       },
       {}},
  };
  for (const auto& [what, change, problems] : cases) {
    SCOPED_TRACE(what);
    Archive archive;
    change(archive);
    EXPECT_EQ(record_problems(archive.record, archive.info, archive.documents, archive.suite_digest),
              problems);
  }
}

}  // namespace
}  // namespace exitgate::archive
