// What a command writes: masked into its log, and its first lines as facts.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/collect/schema/masked_log.h"
#include "harness/facts/tables/commands.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::commands {

inline constexpr std::size_t kMostLines = 10'000;
inline constexpr std::size_t kMostBytes = 16U << 20;

class Output {
 public:
  using Stream = facts::commands::LineStream;
  struct Line {
    Stream stream;
    std::string text;  // masked, as it was written
  };

  // `tree`: the folder that the command runs in, which has another name in every run.
  Output(const std::filesystem::path& log, const redact::Redactor& redactor,
         const std::filesystem::path& tree);

  void take(Stream stream, std::string_view piece);
  // The end of what was written without a newline.
  void finish();
  void note(std::string_view line);  // of ours, in the log alone
  void check() const { log_.check(); }

  const std::vector<Line>& lines() const { return lines_; }
  std::int64_t bytes() const { return bytes_; }
  // Whether lines or bytes are missing in what is kept.
  bool cut() const { return cut_; }

 private:
  void add(Stream stream, std::string_view whole_lines);

  schema::MaskedLog log_;
  const redact::Redactor& redactor_;
  std::string tree_;
  std::string open_[2];  // begun lines, by stream
  std::vector<Line> lines_;
  std::int64_t bytes_ = 0;
  std::size_t logged_ = 0;
  bool cut_ = false;
};

}  // namespace exitgate::collect::commands
