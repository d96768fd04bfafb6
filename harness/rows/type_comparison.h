// Whether a type holds all that another one does, and whether two texts are one value. Inside this library only.
#pragma once

#include <string>

#include "harness/rows/contents.h"

namespace exitgate::rows {

using Enumerations = std::map<Oid, std::map<std::string, Oid>>;

// Whether there are values of the column before that it could not hold now. Both as their contents have them.
bool holds_less(const ContentColumn& before, const ContentColumn& after, const Enumerations& labels_before,
                const Enumerations& labels_after);

// A value in a form that is the same for a column before and after a change of its type that loses nothing: 1 and 1.00,
// 2024-01-01 and 2024-01-01 00:00:00, {"a":1} and {"a": 1}.
class Comparable {
 public:
  Comparable(const ContentColumn& one, const ContentColumn& other);
  std::string operator()(const std::string& text) const;
  // Nothing but the text itself counts.
  bool is_exact() const { return form_ == Form::exact; }

 private:
  enum class Form { exact, number, real, single, moment, document, boolean, plain, list };
  Form form_ = Form::exact;
};

}  // namespace exitgate::rows
