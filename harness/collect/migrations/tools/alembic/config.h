// Where Alembic's environments are: alembic.ini and other INI files with its sections, pyproject.toml, and
// folders that hold an env.py and a script.py.mako without any configuration file naming them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/source.h"

namespace exitgate::collect {

struct AlembicEnvironment {
  Environment environment;             // without revisions yet
  std::vector<std::string> locations;  // folders of version files
  bool recursive = false;              // recursive_version_locations
  bool declared = true;                // false: no version_locations are set, and the usual folder is taken
};

std::vector<AlembicEnvironment> alembic_environments(Source& source);

}  // namespace exitgate::collect
