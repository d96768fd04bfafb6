#include "harness/archive/bag.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/verification_error.h"

namespace exitgate::archive {

namespace {

struct Ending {
  std::string_view text;
  Format format;
};
constexpr Ending kEndings[] = {
    {".tar.zst", Format::tar_zst}, {".tar.gz", Format::tar_gz}, {".zip", Format::zip}};

const Ending& ending_of(const std::filesystem::path& archive) {
  const std::string name = archive.filename().string();
  for (const auto& ending : kEndings) {
    if (name.ends_with(ending.text) && name.size() > ending.text.size()) return ending;
  }
  throw UsageError(fmt::format("'{}' does not say what kind of archive it is", name),
                   "let its name end in .tar.zst, .tar.gz or .zip");
}

}  // namespace

Format format_of(const std::filesystem::path& archive) {
  return ending_of(archive).format;
}

std::string folder_of(const std::filesystem::path& archive) {
  const std::string name = archive.filename().string();
  return name.substr(0, name.size() - ending_of(archive).text.size());
}

std::string render_info(const Info& info) {
  std::string text;
  for (const auto& [label, value] : info) {
    // A line break would begin another label.
    std::string line = value;
    for (char& c : line) {
      if (static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    text += fmt::format("{}: {}\n", label, trim(line));
  }
  return text;
}

Info parse_info(std::string_view text) {
  Info info;
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) throw VerificationError("bag-info.txt does not end with a line break");
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const std::size_t colon = line.find(": ");
    if (colon == std::string_view::npos || colon == 0) {
      throw VerificationError(fmt::format("bag-info.txt: line {} is not of the form 'label: value'", number));
    }
    info.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  return info;
}

std::string info_value(const Info& info, std::string_view label) {
  for (const auto& [name, value] : info) {
    if (name == label) return value;
  }
  return "";
}

}  // namespace exitgate::archive
