// Environment variables read by python-decouple, environs, django-environ, dj-database-url and Starlette's Config.
#pragma once

#include <optional>

#include "harness/collect/code/environment_accesses.h"

namespace exitgate::collect::code {

// AccessKind::item where the library raises without the variable; nullopt when the call is none of theirs. A value in a
// file of the commit that the library reads itself is a default.
std::optional<Access> library_read(const syntax::Tree& tree, const syntax::Names& names,
                                   const FileValues& files, syntax::Id call);

}  // namespace exitgate::collect::code
