// Runs a check on the facts of CI that are collected from files, so that a test reads as the workflow that it is about.
#pragma once

#include <map>
#include <string>

namespace exitgate::testing {

// As judge(), of a repository with these files.
std::string judge_files(const std::string& check, const std::string& with,
                        const std::map<std::string, std::string>& files);

}  // namespace exitgate::testing
