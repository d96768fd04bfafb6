#include "harness/sandbox/namespaces.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "harness/sandbox/containment.h"

namespace exitgate::sandbox {
namespace {

// Servers are started side by side. A child that held another's pipe open kept all of them waiting for ever.
TEST(Namespaces, AreMadeByManyThreadsAtOnce) {
  if (!containment().network) GTEST_SKIP() << "the kernel makes none for us";
  std::atomic<int> made = 0;
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 8; ++thread) {
    threads.emplace_back([&] {
      for (int round = 0; round < 25; ++round) {
        const Namespaces one(containment(), true, std::nullopt);
        if (one.network() >= 0) ++made;
      }
    });
  }
  threads.clear();
  EXPECT_EQ(made, 8 * 25);
}

}  // namespace
}  // namespace exitgate::sandbox
