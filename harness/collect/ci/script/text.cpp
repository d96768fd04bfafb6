#include "harness/collect/ci/script/text.h"

namespace exitgate::collect::ci::script {

bool is_looked(std::string_view text) {
  return text.find(kLooked) != std::string_view::npos;
}

bool is_unknown(std::string_view text) {
  return text.find(kUnknown) != std::string_view::npos;
}

std::string plain(std::string_view text) {
  std::string bare;
  for (const char c : text) {
    if (c != kUnknown && c != kLooked) bare += c;
  }
  return bare;
}

}  // namespace exitgate::collect::ci::script
