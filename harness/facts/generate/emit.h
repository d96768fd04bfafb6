// The C++ that is made of the declarations.
#pragma once

#include <string>
#include <vector>

#include "harness/facts/generate/declaration.h"

namespace exitgate::facts::generate {

// <domain>.h: a documented struct for each table, an enum class for each closed set. Throws Mistake.
std::string header(const Domain& domain);

// <domain>.cpp: what reads and writes them, and what `exitgate tables` prints.
std::string source(const Domain& domain);

// domains.h: `exitgate::ci::Job` as another name of `exitgate::facts::ci::Job`, for each domain.
std::string aliases(const std::vector<Domain>& domains);

// declarations.cpp: the SQL itself, and the list of all tables.
std::string declarations(const std::vector<Domain>& domains);

}  // namespace exitgate::facts::generate
