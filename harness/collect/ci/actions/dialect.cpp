#include "harness/collect/ci/actions/dialect.h"

namespace exitgate::collect::ci::actions {

std::string_view plain_action(std::string_view action, const Dialect& dialect) {
  const std::size_t scheme = action.find("://");
  if (!dialect.action_urls || scheme == std::string_view::npos || !action.starts_with("http")) return action;
  const std::size_t path = action.find('/', scheme + 3);
  return path == std::string_view::npos ? action : action.substr(path + 1);
}

}  // namespace exitgate::collect::ci::actions
