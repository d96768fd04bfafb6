// Files that git hands out while threads read them.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "harness/git/batch.h"

namespace exitgate::collect::ci {

// Files that git has handed out and nobody has read yet. Threads take them while git goes on; so that a
// repository of thousands of files is never in memory as a whole, who puts one in where many wait reads one.
class BlobQueue {
 public:
  BlobQueue(std::size_t count, std::function<void(std::size_t, const git::Blob&)> work)
      : work_(std::move(work)) {
    constexpr std::size_t kWorthAThread = 8;
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t threads = std::min({cores, count / kWorthAThread + 1, std::size_t{8}});
    for (std::size_t i = 1; i < threads; ++i) {
      others_.emplace_back([this] {
        while (take_one(true)) {
        }
      });
    }
  }

  void add(std::size_t number, git::Blob blob) {
    bool many = false;
    {
      const std::lock_guard lock(mutex_);
      waiting_.emplace_back(number, std::move(blob));
      many = waiting_.size() > kMany || others_.empty();
    }
    added_.notify_one();
    if (many) take_one(false);
  }

  // Returns when all are read.
  void finish() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    added_.notify_all();
    while (take_one(false)) {
    }
    others_.clear();
  }

  ~BlobQueue() { finish(); }
  BlobQueue(const BlobQueue&) = delete;
  BlobQueue& operator=(const BlobQueue&) = delete;

 private:
  static constexpr std::size_t kMany = 32;

  // False when there is none and, where it waits for more, none will come.
  bool take_one(bool wait) {
    std::pair<std::size_t, git::Blob> one;
    {
      std::unique_lock lock(mutex_);
      if (wait) added_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
      if (waiting_.empty()) return false;
      one = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work_(one.first, one.second);
    return true;
  }

  const std::function<void(std::size_t, const git::Blob&)> work_;  // must not throw
  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<std::pair<std::size_t, git::Blob>> waiting_;
  bool ended_ = false;
  std::vector<std::jthread> others_;
};

}  // namespace exitgate::collect::ci
