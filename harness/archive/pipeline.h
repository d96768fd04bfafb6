// Two threads, one behind the other: one makes pieces of bytes, one takes them, in order.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/thread_group.h"
#include "harness/base/work_queue.h"

namespace exitgate::archive {

class Pipeline {
 public:
  using Piece = std::function<void(std::string_view)>;

  // Runs `make` in a thread of its own, which hands on its pieces, and `take` in this one. What either throws
  // is thrown here; what `take` throws of an earlier piece goes before what `make` threw. Holds at most
  // kMost pieces; `make` ends at its next piece once `take` has thrown.
  static void run(const std::function<void(const Piece& hand_on)>& make, const Piece& take) {
    WorkQueue<std::string> pieces(kMost);
    WorkQueue<std::string> spare(kMost);  // buffers to be filled again
    ThreadGroup maker;
    maker.start([&] {
      try {
        make([&](std::string_view piece) {
          std::string copy = spare.try_pop().value_or(std::string());
          copy.assign(piece);
          if (!pieces.push(std::move(copy))) throw Stopped();
        });
      } catch (...) {
        pieces.close();
        throw;
      }
      pieces.close();
    });
    try {
      while (auto piece = pieces.pop()) {
        take(*piece);
        spare.try_push(std::move(*piece));
      }
    } catch (...) {
      pieces.cancel();
      throw;
    }
    maker.join();
  }

 private:
  static constexpr std::size_t kMost = 32;
  struct Stopped {};  // ends `make` when nobody takes its pieces any more
};

}  // namespace exitgate::archive
