// Texts of a script in which two bytes have a meaning of their own: kUnknown stands for a text that only the run
// knows, kLooked before one that came from what the script is asked about (the results of jobs). They go with the
// text wherever the script puts it.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace exitgate::collect::ci::script {

constexpr char kUnknown = '\x01';
constexpr char kLooked = '\x02';

// What a script does cannot be told; the message says why, in words for people.
class NotDecided : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

bool is_looked(std::string_view text);
bool is_unknown(std::string_view text);

// Without the two bytes.
std::string plain(std::string_view text);

}  // namespace exitgate::collect::ci::script
