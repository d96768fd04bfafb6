#include "harness/collect/ci/gitlab/job_status.h"

namespace exitgate::collect::ci::gitlab {

using expression::Truth;

void Together::add(Statuses one) {
  possible |= one;
  if ((one & (one - 1)) == 0) sure |= one;  // a single one
}

Truth starts(When when, const Together& before, bool by_needs) {
  // A job with `needs:` is skipped where one of them is; stages go on.
  const Statuses held_up = kWaiting;
  const Statuses not_run = by_needs ? kSkipped | kIgnored : 0;
  Statuses bad = 0;   // one of these is enough for it not to start
  Statuses good = 0;  // one of these must be there; 0: none
  switch (when) {
    case When::on_success:
      bad = kFailed | kCanceled | not_run;
      break;
    case When::on_failure:
      bad = not_run;
      good = kFailed;
      break;
    case When::always: {
      // Only where all that ended badly was canceled does it not start; what is skipped starts it again.
      const Statuses saves = kFailed | not_run;
      if ((before.sure & kCanceled) != 0 && (before.possible & saves) == 0) return Truth::no;
      if ((before.possible & held_up) != 0) return Truth::unknown;
      if ((before.possible & kCanceled) == 0 || (before.sure & saves) != 0) return Truth::yes;
      return Truth::unknown;
    }
  }
  if ((before.sure & bad) != 0 || (good != 0 && (before.possible & good) == 0)) return Truth::no;
  if ((before.possible & (bad | held_up)) != 0 || (good != 0 && (before.sure & good) == 0))
    return Truth::unknown;
  return Truth::yes;
}

}  // namespace exitgate::collect::ci::gitlab
