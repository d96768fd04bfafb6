// Whether GitLab can read an expression of `rules:if` or `only:variables`.
#pragma once

#include <string_view>

namespace exitgate::collect::ci::gitlab {

bool is_expression(std::string_view text);

}  // namespace exitgate::collect::ci::gitlab
