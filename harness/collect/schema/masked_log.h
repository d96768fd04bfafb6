// A log that is masked before it reaches the disk.
#pragma once

#include <filesystem>
#include <fstream>
#include <functional>
#include <string_view>

#include "harness/redact/redactor.h"

namespace exitgate::collect::schema {

class MaskedLog {
 public:
  // Throws Undecided when the file cannot be written.
  MaskedLog(const std::filesystem::path& path, const redact::Redactor& redactor);

  // Whole lines, so that no secret is cut in two.
  void write(std::string_view lines);
  // Throws Undecided when something of it is not in the file.
  void check() const;
  std::function<void(std::string_view)> sink() {
    return [this](std::string_view lines) { write(lines); };
  }

 private:
  std::filesystem::path path_;
  const redact::Redactor& redactor_;
  std::ofstream file_;
};

}  // namespace exitgate::collect::schema
