// What was found in a file as bytes, to be kept between runs (harness/collect/kept).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/code/facts.h"

namespace exitgate::collect::code {

std::string to_bytes(const FileFacts& facts);
// nullopt for bytes that to_bytes() of this build did not make.
std::optional<FileFacts> from_bytes(std::string_view bytes);

}  // namespace exitgate::collect::code
