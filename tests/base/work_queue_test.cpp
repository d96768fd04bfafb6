#include "harness/base/work_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <numeric>
#include <vector>

#include "harness/base/thread_group.h"

namespace exitgate {
namespace {

TEST(WorkQueue, HandsOutInOrderWhatCameBeforeItWasClosed) {
  WorkQueue<int> queue(10);
  EXPECT_TRUE(queue.push(1));
  EXPECT_TRUE(queue.push(2));
  queue.close();
  EXPECT_FALSE(queue.push(3)) << "nothing is taken any more";
  EXPECT_EQ(queue.pop(), 1);
  EXPECT_EQ(queue.pop(), 2);
  EXPECT_EQ(queue.pop(), std::nullopt);
  EXPECT_EQ(queue.pop(), std::nullopt);
}

TEST(WorkQueue, IsFullByWeightAndTakesAnItemThatOutweighsItAlone) {
  WorkQueue<int> queue(10);
  EXPECT_EQ(queue.try_pop(), std::nullopt);
  EXPECT_TRUE(queue.try_push(1, 9));
  EXPECT_TRUE(queue.try_push(2, 1000)) << "less than the capacity was queued";
  EXPECT_FALSE(queue.try_push(3, 1));
  EXPECT_EQ(queue.try_pop(), 1);
  EXPECT_FALSE(queue.try_push(3, 1));
  EXPECT_EQ(queue.try_pop(), 2);
  EXPECT_TRUE(queue.try_push(3, 1));
}

TEST(WorkQueue, LeavesAnItemToItsOwnerWhenItIsFull) {
  WorkQueue<std::unique_ptr<int>> queue(1);
  EXPECT_TRUE(queue.try_push(std::make_unique<int>(1)));
  auto kept = std::make_unique<int>(2);
  EXPECT_FALSE(queue.try_push(std::move(kept)));
  ASSERT_NE(kept, nullptr);
  EXPECT_EQ(*kept, 2);
}

TEST(WorkQueue, PassesEachItemOfSeveralProducersToOneOfSeveralConsumers) {
  constexpr int kEach = 2000;
  WorkQueue<int> queue(7);
  std::vector<std::atomic<int>> seen(3 * kEach);
  ThreadGroup consumers;
  for (int i = 0; i < 3; ++i) {
    consumers.start([&] {
      while (const auto item = queue.pop()) ++seen[static_cast<std::size_t>(*item)];
    });
  }
  ThreadGroup producers;
  for (int i = 0; i < 3; ++i) {
    producers.start([&queue, i] {
      for (int at = 0; at < kEach; ++at) queue.push(i * kEach + at);
    });
  }
  producers.join();
  queue.close();
  consumers.join();
  for (const auto& count : seen) ASSERT_EQ(count, 1);
}

TEST(WorkQueue, CancellingEndsBothSides) {
  WorkQueue<int> full(1);
  WorkQueue<int> empty(1);
  ASSERT_TRUE(full.push(1));
  ThreadGroup waiting;
  waiting.start([&] { EXPECT_FALSE(full.push(2)); });
  waiting.start([&] { EXPECT_EQ(empty.pop(), std::nullopt); });
  full.cancel();
  empty.cancel();
  waiting.join();
  EXPECT_EQ(full.pop(), std::nullopt) << "what was queued is dropped";
}

}  // namespace
}  // namespace exitgate
