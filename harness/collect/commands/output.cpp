#include "harness/collect/commands/output.h"

#include <fmt/core.h>

#include "harness/base/text.h"

namespace exitgate::collect::commands {

namespace {

// A line longer than that is cut, so that one without an end does not fill the memory.
constexpr std::size_t kMostOpen = 1U << 20;

}  // namespace

Output::Output(const std::filesystem::path& log, const redact::Redactor& redactor,
               const std::filesystem::path& tree)
    : log_(log, redactor), redactor_(redactor), tree_(tree.string()) {}

void Output::take(Stream stream, std::string_view piece) {
  bytes_ += static_cast<std::int64_t>(piece.size());
  std::string& open = open_[stream == Stream::error ? 1 : 0];
  if (logged_ >= kMostBytes) {
    cut_ = true;
    return;
  }
  open += piece;
  const std::size_t end = open.rfind('\n');
  if (end != std::string::npos) {
    add(stream, std::string_view(open).substr(0, end + 1));
    open.erase(0, end + 1);
  } else if (open.size() > kMostOpen) {
    add(stream, open + "\n");
    open.clear();
    cut_ = true;
  }
}

void Output::finish() {
  for (const Stream stream : {Stream::output, Stream::error}) {
    std::string& open = open_[stream == Stream::error ? 1 : 0];
    if (!open.empty()) add(stream, open + "\n");
    open.clear();
  }
}

void Output::note(std::string_view line) {
  log_.write(fmt::format("{}\n", line));
}

void Output::add(Stream stream, std::string_view whole_lines) {
  std::string text(whole_lines);
  for (std::size_t at = 0; (at = text.find(tree_, at)) != std::string::npos;) {
    const bool inside = text.compare(at + tree_.size(), 1, "/") == 0;
    text.replace(at, tree_.size() + (inside ? 1 : 0), inside ? "" : ".");
  }
  text = redactor_.redact(text);
  if (logged_ < kMostBytes) {
    log_.write(text);
    logged_ += text.size();
    if (logged_ >= kMostBytes) note("[the rest of the output is left out: more than 16 MiB]");
  }
  auto rows = split(text, '\n');
  rows.pop_back();  // behind the last newline
  for (auto& row : rows) {
    if (lines_.size() == kMostLines) {
      cut_ = true;
      return;
    }
    lines_.push_back({stream, std::move(row)});
  }
}

}  // namespace exitgate::collect::commands
