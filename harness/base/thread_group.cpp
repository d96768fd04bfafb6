#include "harness/base/thread_group.h"

#include <utility>

namespace exitgate {

void ThreadGroup::start(std::function<void()> work) {
  std::exception_ptr& failure = failures_.emplace_back();
  threads_.emplace_back([work = std::move(work), &failure] {
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
  });
}

void ThreadGroup::join() {
  threads_.clear();
  const auto failures = std::exchange(failures_, {});
  for (const auto& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace exitgate
