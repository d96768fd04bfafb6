// Where the parts of Exitgate are, relative to the running program: in a build tree and in an installed one alike. Nobody
// else knows these places.
//
//                   build tree                     installed
//   program         BUILD/bin/exitgate             PREFIX/bin/exitgate
//   checks          BUILD/bin/checks/              PREFIX/libexec/exitgate/checks/
//   gate files      BUILD/share/exitgate/gates     PREFIX/share/exitgate/gates/
//
// The folders of the right column are CMake's CMAKE_INSTALL_BINDIR, CMAKE_INSTALL_LIBEXECDIR and CMAKE_INSTALL_DATADIR.
#pragma once

#include <filesystem>

namespace exitgate {

// The running program. Throws std::filesystem::filesystem_error without /proc.
std::filesystem::path program_path();

// The folder of the check executables.
std::filesystem::path checks_directory();

// The folder of the gate files that came with the program; in a build tree, that of the source tree.
std::filesystem::path gates_directory();

}  // namespace exitgate
