// Two threads, one behind the other: one makes pieces of bytes, one takes them, in order.
#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace exitgate::evidence {

class Pipeline {
 public:
  using Piece = std::function<void(std::string_view)>;

  // Runs `make` in a thread of its own, which hands on its pieces, and `take` in this one. What either throws
  // is thrown here; what `take` throws of an earlier piece goes before what `make` threw. Holds at most
  // kMost pieces; `make` ends at its next piece once `take` has thrown.
  static void run(const std::function<void(const Piece& hand_on)>& make, const Piece& take) {
    Pipeline pipeline;
    std::thread maker([&] {
      try {
        make([&](std::string_view piece) { pipeline.push(piece); });
        pipeline.end(nullptr);
      } catch (const Stopped&) {
      } catch (...) {
        pipeline.end(std::current_exception());
      }
    });
    try {
      pipeline.drain(take);
    } catch (...) {
      pipeline.stop();
      maker.join();
      throw;
    }
    maker.join();
    if (pipeline.failure_) std::rethrow_exception(pipeline.failure_);
  }

 private:
  static constexpr std::size_t kMost = 32;
  struct Stopped {};

  void push(std::string_view piece) {
    std::string copy;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return stopped_ || pieces_.size() < kMost; });
      if (stopped_) throw Stopped();
      if (!spare_.empty()) {
        copy = std::move(spare_.back());
        spare_.pop_back();
      }
    }
    copy.assign(piece);
    const std::lock_guard lock(mutex_);
    pieces_.push_back(std::move(copy));
    changed_.notify_all();
  }
  void end(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
    ended_ = true;
    changed_.notify_all();
  }
  void stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  void drain(const Piece& take) {
    for (;;) {
      std::string piece;
      {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [&] { return ended_ || !pieces_.empty(); });
        if (pieces_.empty()) return;
        piece = std::move(pieces_.front());
        pieces_.pop_front();
        changed_.notify_all();
      }
      take(piece);
      const std::lock_guard lock(mutex_);
      spare_.push_back(std::move(piece));
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::string> pieces_;
  std::deque<std::string> spare_;  // buffers to be filled again
  std::exception_ptr failure_;
  bool ended_ = false;
  bool stopped_ = false;
};

}  // namespace exitgate::evidence
