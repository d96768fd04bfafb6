#include "harness/collect/ci/reference.h"

#include <algorithm>
#include <vector>

#include "harness/base/text.h"

namespace exitgate::collect::ci {

namespace {

using facts::ci::Pin;

bool is_object_id(std::string_view ref) {
  const bool hexadecimal = std::all_of(ref.begin(), ref.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  });
  return hexadecimal && (ref.size() == 40 || ref.size() == 64);  // SHA-1 or SHA-256
}

}  // namespace

ActionReference read_reference(std::string_view uses) {
  uses = trim(uses);
  ActionReference reference;
  const std::size_t at = uses.find('@');
  reference.action = uses.substr(0, at);
  if (at != std::string_view::npos) reference.ref = uses.substr(at + 1);
  if (uses.starts_with("./") || uses.starts_with(".\\") || uses.starts_with("$/") || uses == ".") {
    reference.pin = Pin::local;
  } else if (uses.starts_with("docker://")) {
    reference.pin = Pin::image;
  } else if (!reference.ref) {
    reference.pin = Pin::none;
  } else {
    reference.pin = is_object_id(*reference.ref) ? Pin::sha : Pin::ref;
  }
  return reference;
}

std::optional<std::string> local_path(std::string_view uses) {
  uses = trim(uses);
  if (!uses.starts_with("./") && !uses.starts_with("$/") && uses != ".") return std::nullopt;
  uses.remove_prefix(1);
  std::vector<std::string> parts;
  for (std::string& part : split(uses, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(std::move(part));
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  return join(parts, "/");
}

}  // namespace exitgate::collect::ci
