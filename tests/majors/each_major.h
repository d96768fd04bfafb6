// Tests that are made for each major version of PostgreSQL. One that is not there is skipped, and so reported as not tried.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/cache_folder.h"
#include "harness/base/text.h"
#include "harness/collect/schema/compare.h"
#include "harness/database/cluster.h"
#include "harness/database/server.h"

namespace exitgate::testing_majors {

inline constexpr std::array<int, 6> kMajors = {13, 14, 15, 16, 17, 18};

// Of the folder that EXITGATE_MAJORS names, else of this machine. One that the server's user cannot enter is not there.
inline std::optional<database::ServerPrograms> programs_of(int major) {
  const auto can_be_run = [](const database::ServerPrograms& programs) {
    return ::geteuid() != 0 || is_open_to_all(programs.folder);
  };
  if (const char* const folder = std::getenv("EXITGATE_MAJORS"); folder != nullptr && *folder != '\0') {
    const auto given = std::filesystem::absolute(folder) / std::to_string(major);
    if (auto programs = database::server_programs_in(given); programs && can_be_run(*programs))
      return programs;
  }
  for (auto& one : database::installed_servers()) {
    if (one.major == major && can_be_run(one)) return one;
  }
  return std::nullopt;
}

class EachMajor : public ::testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    programs_ = programs_of(GetParam());
    if (!programs_) {
      GTEST_SKIP() << "PostgreSQL " << GetParam()
                   << " is not there (for the user that it runs as), so it is not tried: "
                      "scripts/fetch-postgres gets it, "
                      "EXITGATE_MAJORS names its folder";
    }
  }
  const database::ServerPrograms& programs() const { return *programs_; }
  int major() const { return GetParam(); }

 private:
  std::optional<database::ServerPrograms> programs_;
};

inline std::string name_of_major(const ::testing::TestParamInfo<int>& each) {
  return "PostgreSQL" + std::to_string(each.param);
}

// "added table shop.x" of each difference.
inline std::vector<std::string> words_of(const std::vector<collect::schema::Difference>& differences) {
  std::vector<std::string> words;
  for (const auto& one : differences) {
    words.push_back(fmt::format("{} {} {}", to_text(one.change), one.kind, one.identity));
  }
  return words;
}

// "a; b" as a list.
inline std::vector<std::string> list_of(const char* text) {
  std::vector<std::string> words;
  for (const auto& word : split(text, ';')) {
    if (!trim(word).empty()) words.emplace_back(trim(word));
  }
  return words;
}

}  // namespace exitgate::testing_majors
