// Reading an archive back from its file while it is written, so that both ends of the work share the cores.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>

#include "harness/archive/bag.h"

namespace exitgate::archive {

// Follows the file in a thread of its own, never beyond what was said to be written. The bytes are those that
// the file holds, not those in the writer's memory.
class ReadBack {
 public:
  ReadBack(int file, Format format);
  ~ReadBack();  // gives up when finish() was not called
  ReadBack(const ReadBack&) = delete;
  ReadBack& operator=(const ReadBack&) = delete;

  void written(std::uint64_t size);  // so much of the file stands
  // All is written: waits for what was read. Throws what read_bag throws.
  Bag finish();

 private:
  bool wait_beyond(std::uint64_t offset);
  void join();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t size_ = 0;
  bool complete_ = false;
  bool given_up_ = false;
  Bag bag_;
  std::exception_ptr failure_;
  std::jthread thread_;  // last: begins when all else stands
};

}  // namespace exitgate::archive
