#include "harness/git/batch.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::git {

namespace {

// The answer, cut into objects while it comes in pieces of any size.
class Reader {
 public:
  Reader(std::size_t count, std::size_t limit, const std::function<void(std::size_t, Blob)>& take)
      : count_(count), limit_(limit), take_(take) {}

  void feed(std::string_view piece) {
    while (!piece.empty()) {
      if (wanted_ == 0) {
        const std::size_t end = piece.find('\n');
        header_.append(piece.substr(0, end));
        if (end == std::string_view::npos) return;
        piece.remove_prefix(end + 1);
        begin();
        continue;
      }
      const std::size_t part = std::min(wanted_, piece.size());
      if (kept_) content_.append(piece.substr(0, part));
      piece.remove_prefix(part);
      wanted_ -= part;
      if (wanted_ != 0) continue;
      Blob blob;
      blob.size = size_;
      if (kept_) {
        content_.pop_back();  // the newline behind each object
        blob.content = std::exchange(content_, {});
      }
      done(std::move(blob));
    }
  }

  std::size_t taken() const { return next_; }

 private:
  // "<oid> <type> <size>", "<name> missing", "<name> ambiguous"
  void begin() {
    const std::string header = std::exchange(header_, {});
    const auto fields = split(header, ' ');
    size_ = 0;
    const std::string& last = fields.back();
    const auto read = std::from_chars(last.data(), last.data() + last.size(), size_);
    if (fields.size() != 3 || read.ec != std::errc() || read.ptr != last.data() + last.size()) {
      Blob blob;
      blob.missing = true;
      done(std::move(blob));
      return;
    }
    wanted_ = size_ + 1;
    kept_ = fields[1] == "blob" && size_ <= limit_;
    if (kept_) content_.reserve(wanted_);
  }

  void done(Blob blob) {
    if (next_ >= count_) throw Undecided("git cat-file gave more objects than were asked for");
    take_(next_++, std::move(blob));
  }

  std::size_t count_;
  std::size_t limit_;
  const std::function<void(std::size_t, Blob)>& take_;
  std::size_t next_ = 0;
  std::size_t wanted_ = 0;
  std::size_t size_ = 0;
  bool kept_ = false;
  std::string header_;
  std::string content_;
};

}  // namespace

void read_blobs(const Repository& repository, const std::vector<std::string>& oids, std::size_t limit,
                const std::function<void(std::size_t, Blob)>& take) {
  if (oids.empty()) return;
  Reader reader(oids.size(), limit, take);
  Command command = repository.command({"cat-file", "--batch", "--buffer"});
  command.input = join(oids, "\n") + "\n";
  command.on_output = [&reader](std::string_view piece) { reader.feed(piece); };
  const ProcessResult finished = exitgate::run(command);
  if (reader.taken() != oids.size()) {
    throw Undecided(
        fmt::format("{}: git cat-file broke off after {} of {} objects: {}",
                    repository.git_directory().string(), reader.taken(), oids.size(),
                    finished.error.empty() ? finished.outcome() : std::string(trim(finished.error))));
  }
}

}  // namespace exitgate::git
