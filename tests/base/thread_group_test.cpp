#include "harness/base/thread_group.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace exitgate {
namespace {

using namespace std::chrono_literals;

std::string thrown_by(ThreadGroup& group) {
  try {
    group.join();
  } catch (const std::exception& problem) {
    return problem.what();
  }
  return "";
}

TEST(ThreadGroup, ThrowsWhatTheFirstStartedThreadThrew) {
  std::atomic<int> ran = 0;
  ThreadGroup group;
  group.start([&] { ++ran; });
  group.start([&] {
    std::this_thread::sleep_for(20ms);
    ++ran;
    throw std::runtime_error("second, and late");
  });
  group.start([&] {
    ++ran;
    throw std::runtime_error("third");
  });
  EXPECT_EQ(thrown_by(group), "second, and late");
  EXPECT_EQ(ran, 3);
  EXPECT_EQ(thrown_by(group), "") << "told once";
}

TEST(ThreadGroup, CanBeUsedAgain) {
  ThreadGroup group;
  group.start([] { throw std::runtime_error("first round"); });
  EXPECT_EQ(thrown_by(group), "first round");
  bool ran = false;
  group.start([&] { ran = true; });
  EXPECT_EQ(thrown_by(group), "");
  EXPECT_TRUE(ran);
}

// A std::thread that is still joinable would end the process here.
TEST(ThreadGroup, WaitsWhereAnExceptionLeavesItsScope) {
  std::atomic<bool> ended = false;
  EXPECT_THROW(
      {
        ThreadGroup group;
        group.start([&] {
          std::this_thread::sleep_for(20ms);
          ended = true;
          throw std::runtime_error("nobody asks");
        });
        throw std::logic_error("thrown beside it");
      },
      std::logic_error);
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace exitgate
