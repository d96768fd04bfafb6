// Whose run a directory holds, and the marks of what has run in it.

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "harness/base/file.h"
#include "harness/marks/mark.h"
#include "harness/marks/note.h"
#include "harness/marks/owner.h"

namespace exitgate::marks {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class MarksTest : public testing::Test {
 protected:
  Mark mark(const std::string& test, const std::function<int(const Mark&)>& work,
            int timeout_seconds = 0) const {
    return run_marked(run_, {test, "run-1", timeout_seconds}, work,
                      [](Mark& ended) { ended.failed = ended.exit_code != 0; });
  }
  std::string reason_of_claim() const {
    try {
      claim(run_, parent_process());
      return "";
    } catch (const Occupied& occupied) {
      return occupied.what();
    }
  }
  std::string reason_not_own() const {
    try {
      require_own_run(run_);
      return "";
    } catch (const Undecided& undecided) {
      return undecided.what();
    }
  }

  TemporaryDirectory folder_{"marks-test"};
  record::RunDirectory run_{folder_.path()};
};

// A process that waits to be killed.
class Bystander {
 public:
  Bystander() : pid_(::fork()) {
    if (pid_ == 0) {
      for (;;) ::pause();
    }
  }
  ~Bystander() {
    if (!gone_) end();
    ::waitpid(pid_, nullptr, 0);
  }
  Bystander(const Bystander&) = delete;
  Bystander& operator=(const Bystander&) = delete;
  void end() {  // a zombie from now on
    ::kill(pid_, SIGKILL);
    siginfo_t ended;
    ::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT);
    gone_ = true;
  }
  ProcessId id() const { return process_id_of(pid_); }

 private:
  pid_t pid_;
  bool gone_ = false;
};

TEST_F(MarksTest, AMarkSaysHowItEndedAndWhatWasPrinted) {
  const auto ended = mark("exitgate.collect", [](const Mark&) {
    std::puts("said");
    return 3;
  });
  EXPECT_EQ(ended.exit_code, 3);
  const auto marks = read_marks(run_);
  ASSERT_THAT(marks, SizeIs(1));
  EXPECT_TRUE(marks[0].ended);
  EXPECT_TRUE(marks[0].failed);
  EXPECT_EQ(marks[0].run, "run-1");
  EXPECT_EQ(output_of(run_, marks[0]), "said\n");
  EXPECT_EQ(problem_of_stage(run_, marks, "exitgate.collect"), "exitgate.collect failed: said");
  EXPECT_EQ(problem_of_stage(run_, marks, "exitgate.database"),
            "exitgate.database did not run (was it left out by -FS or -FA?)");
}

TEST_F(MarksTest, AttemptsAreCountedAndTheLastOneCounts) {
  for (const int code : {1, 0}) mark("EG-T1.a", [code](const Mark&) { return code; });
  const auto marks = read_marks(run_);
  EXPECT_THAT(marks, ElementsAre(AllOf(Field(&Mark::attempt, 1), Field(&Mark::exit_code, 1)),
                                 AllOf(Field(&Mark::attempt, 2), Field(&Mark::exit_code, 0))));
  EXPECT_EQ(last_attempt(marks, "EG-T1.a")->exit_code, 0);
  EXPECT_EQ(problem_of_stage(run_, marks, "EG-T1.a"), "");
}

TEST_F(MarksTest, WorkThatIsKilledOrTakesTooLongIsNamed) {
  const auto crash = [](const Mark&) {
    ::signal(SIGSEGV, SIG_DFL);  // a sanitizer has a handler of its own, which exits instead
    return ::raise(SIGSEGV);
  };
  EXPECT_EQ(mark("a", crash).fault, "was killed by signal 11 (Segmentation fault)");
  EXPECT_EQ(mark(
                "b", [](const Mark&) { return ::pause(); }, 1)
                .fault,
            "timed out after 1 s");
  EXPECT_EQ(problem_of_stage(run_, read_marks(run_), "b"), "b timed out after 1 s");
}

TEST_F(MarksTest, AMarkWithoutAnEndOrThatCannotBeReadHasBegunAndWasKilled) {
  write_file(run_.marks() / "EG-T1.a.1.json", "{\"test\": \"EG-T1.a\"}\n");
  write_file(run_.marks() / "EG-T1.b.1.json", "");
  for (const auto& one : read_marks(run_)) {
    EXPECT_EQ(one.fault_text(), "was killed before it ended");
    EXPECT_TRUE(one.failed);
  }
}

TEST_F(MarksTest, ADirectoryIsOfOneLivingProcessUntilItsRunIsSealed) {
  Bystander other;
  write_file(run_.control() / "owner.json",
             "{\"process\": \"" + other.id().name() +
                 "\", \"program\": \"ctest\", \"since\": \"2026-01-01T00:00:00Z\"}\n");
  EXPECT_EQ(reason_of_claim(), "another ctest (pid " + std::to_string(other.id().pid) +
                                   ", since 2026-01-01T00:00:00Z) runs in this folder, " +
                                   folder_.path().string());
  EXPECT_THAT(reason_not_own(), HasSubstr("was begun by another ctest"));
  set_sealed(run_, *owner_of(run_));
  EXPECT_EQ(reason_of_claim(), "");
  EXPECT_EQ(reason_not_own(), "");
  set_sealed(run_, *owner_of(run_));
  EXPECT_THAT(reason_not_own(), HasSubstr("has ended and no other has begun"));
}

TEST_F(MarksTest, ADeadOwnerAndOneWhoseNumberIsAnothersHoldNothing) {
  Bystander other;
  const auto record = [&](const std::string& process) {
    write_file(run_.control() / "owner.json", "{\"process\": \"" + process + "\", \"program\": \"ctest\"}\n");
  };
  record(std::to_string(other.id().pid) + "-1");  // that process started at another time
  EXPECT_EQ(reason_of_claim(), "");
  record(other.id().name());
  other.end();
  EXPECT_EQ(reason_of_claim(), "");
}

TEST_F(MarksTest, AnAncestorStaysTheOwner) {
  const auto owner = claim(run_, parent_process());
  EXPECT_EQ(claim(run_, this_process()).process, owner.process);
}

TEST_F(MarksTest, AClaimRemovesTheMarksOfTheRunBeforeAndTheNoteOnIt) {
  claim(run_, parent_process());
  mark("a", [](const Mark&) { return 0; });
  write_note(run_, parent_process(), {1, 1, "summary", "", ""});
  claim(run_, parent_process());
  EXPECT_THAT(read_marks(run_), IsEmpty());
  EXPECT_FALSE(read_note(run_, parent_process()));
}

TEST_F(MarksTest, NoRunIsNobodys) {
  EXPECT_THAT(reason_not_own(), HasSubstr("no run has begun in " + folder_.path().string()));
}

}  // namespace
}  // namespace exitgate::marks
