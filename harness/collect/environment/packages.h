// Packages: those installed on the machine, and those that the commit's requirements files declare.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/facts/tables/environment.h"

namespace exitgate::collect::environment {

using Package = facts::environment::Package;

// Installed Debian packages; none on a machine without dpkg.
std::vector<Package> dpkg_packages();

// Distributions by their metadata in these folders and in Debian's own; no Python is started.
std::vector<Package> python_distributions(std::vector<std::filesystem::path> folders);

// One requirements file (pip's format). Options, URLs and local paths are not packages.
std::vector<Package> parse_requirements(std::string_view text, const std::string& file);

// Of every file of the commit that is named as requirements or constraints usually are.
std::vector<Package> declared_packages(const Checkout& checkout);

}  // namespace exitgate::collect::environment
