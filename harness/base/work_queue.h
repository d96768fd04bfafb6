// A bounded queue between threads: producers push, consumers pop, first in, first out.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace exitgate {

// Bounded by weight (bytes, or 1 per item), so that the size of the input does not decide how much memory is
// taken. An item is accepted while less than `capacity` is queued, however heavy it is: one that outweighs the
// capacity by itself is still handed on.
//
// Who may throw between push and pop must see to it that the other side ends: close() or cancel() on every
// path, before the threads are joined.
template <typename Item>
class WorkQueue {
 public:
  explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}
  WorkQueue(const WorkQueue&) = delete;
  WorkQueue& operator=(const WorkQueue&) = delete;

  // Waits while the queue is full. False once the queue was closed or cancelled: the item is dropped.
  bool push(Item item, std::size_t weight = 1) {
    std::unique_lock lock(mutex_);
    space_.wait(lock, [this] { return closed_ || queued_ < capacity_; });
    if (closed_) return false;
    add(std::move(item), weight);
    return true;
  }

  // Does not wait. False when the queue is full or closed: then the item is still the caller's.
  bool try_push(Item&& item, std::size_t weight = 1) {
    const std::lock_guard lock(mutex_);
    if (closed_ || queued_ >= capacity_) return false;
    add(std::move(item), weight);
    return true;
  }

  // Waits for an item. nullopt when none will come: closed and empty, or cancelled.
  std::optional<Item> pop() {
    std::unique_lock lock(mutex_);
    items_changed_.wait(lock, [this] { return closed_ || !items_.empty(); });
    return take();
  }

  // Does not wait. nullopt when the queue is empty.
  std::optional<Item> try_pop() {
    const std::lock_guard lock(mutex_);
    return take();
  }

  // No more items will come; those that are queued are still handed out.
  void close() {
    const std::lock_guard lock(mutex_);
    end();
  }

  // Nobody wants the items any more: drops them, and ends every push() and pop() that waits.
  void cancel() {
    const std::lock_guard lock(mutex_);
    items_.clear();
    queued_ = 0;
    end();
  }

 private:
  // All under the lock.
  void add(Item&& item, std::size_t weight) {
    items_.emplace_back(std::move(item), weight);
    queued_ += weight;
    items_changed_.notify_one();
  }
  std::optional<Item> take() {
    if (items_.empty()) return std::nullopt;
    std::optional<Item> item(std::move(items_.front().first));
    queued_ -= items_.front().second;
    items_.pop_front();
    space_.notify_one();
    return item;
  }
  void end() {
    closed_ = true;
    items_changed_.notify_all();
    space_.notify_all();
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable items_changed_;
  std::condition_variable space_;
  std::deque<std::pair<Item, std::size_t>> items_;
  std::size_t queued_ = 0;  // weight of items_
  bool closed_ = false;
};

}  // namespace exitgate
