// The tools that live in the user's home or another hidden folder, and what in them is nobody's business.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace exitgate::sandbox {

// The home folders of the user whom we run as, those of all users, with symbolic links resolved; none of the system's folders.
std::vector<std::filesystem::path> home_folders();

// Folders that programs on PATH need: those of PATH, the installations around them, where their links lead to, what a
// virtual environment stands on, and the folders of known version managers and package caches in a home.
std::vector<std::filesystem::path> tool_folders();

// Files and folders with credentials, wherever a tool's folder or the system keeps them; only what exists.
std::vector<std::filesystem::path> credentials(const std::vector<std::filesystem::path>& shown);

}  // namespace exitgate::sandbox
