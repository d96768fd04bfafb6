#include "harness/archive/read_back.h"

#include <utility>

namespace exitgate::archive {

namespace {
struct GivenUp {};
}  // namespace

ReadBack::ReadBack(int file, Format format)
    : thread_([this, file, format] {
        try {
          bag_ = read_bag(file, format, nullptr, {},
                          [this](std::uint64_t offset) { return wait_beyond(offset); });
        } catch (const GivenUp&) {
        } catch (...) {
          failure_ = std::current_exception();
        }
      }) {}

ReadBack::~ReadBack() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  join();
}

void ReadBack::written(std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  size_ = size;
  changed_.notify_all();
}

Bag ReadBack::finish() {
  {
    const std::lock_guard lock(mutex_);
    complete_ = true;
  }
  join();
  if (failure_) std::rethrow_exception(failure_);
  return std::move(bag_);
}

// Whether the file goes on behind that offset: waits until that is known.
bool ReadBack::wait_beyond(std::uint64_t offset) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return given_up_ || complete_ || size_ > offset; });
  if (given_up_) throw GivenUp();
  return size_ > offset;
}

void ReadBack::join() {
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

}  // namespace exitgate::archive
