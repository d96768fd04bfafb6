// Threads that are joined on every path, and whose exceptions reach the one who waits for them.
#pragma once

#include <deque>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace exitgate {

class ThreadGroup {
 public:
  ThreadGroup() = default;
  // Waits for all of them; what they threw is dropped unless join() was called. So a group is declared after
  // all that its threads use.
  ~ThreadGroup() = default;
  ThreadGroup(const ThreadGroup&) = delete;
  ThreadGroup& operator=(const ThreadGroup&) = delete;

  // Throws std::system_error when the system gives no more threads.
  void start(std::function<void()> work);

  // Waits for all of them. Throws what one of them threw: of several, the one that was started first.
  void join();

 private:
  std::deque<std::exception_ptr> failures_;  // one for each thread; a deque, so that they stay in place
  std::vector<std::jthread> threads_;        // last: joined before all else goes
};

}  // namespace exitgate
