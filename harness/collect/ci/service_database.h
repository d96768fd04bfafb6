// Which database a service container is, by its image.
#pragma once

#include <optional>
#include <string>

#include "harness/facts/tables/ci.h"

namespace exitgate::collect::ci {

// nullopt: none that keeps a schema, as far as the names tell. An image that only the run knows (an expression, a variable)
// or that is not given is judged by the service's name.
std::optional<facts::ci::ServiceDatabase> service_database(const std::optional<std::string>& image,
                                                           const std::string& name);

}  // namespace exitgate::collect::ci
