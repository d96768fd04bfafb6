#include "harness/git/batch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::git {

namespace {

// The answer, cut into objects while it comes in pieces of any size.
class Reader {
 public:
  Reader(std::size_t count, const std::function<void(std::size_t, std::optional<std::string>)>& take)
      : count_(count), take_(take) {}

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
      content_.append(piece.substr(0, part));
      piece.remove_prefix(part);
      wanted_ -= part;
      if (wanted_ == 0) {
        content_.pop_back();  // the newline behind each object
        done(is_blob_ ? std::optional(std::move(content_)) : std::nullopt);
        content_ = {};
      }
    }
  }

  std::size_t taken() const { return next_; }

 private:
  // "<oid> <type> <size>", "<name> missing", "<name> ambiguous"
  void begin() {
    const std::string header = std::exchange(header_, {});
    const auto fields = split(header, ' ');
    std::size_t size = 0;
    const std::string& last = fields.back();
    const auto read = std::from_chars(last.data(), last.data() + last.size(), size);
    if (fields.size() != 3 || read.ec != std::errc() || read.ptr != last.data() + last.size()) {
      done(std::nullopt);
      return;
    }
    is_blob_ = fields[1] == "blob";
    wanted_ = size + 1;
    content_.reserve(wanted_);
  }

  void done(std::optional<std::string> content) {
    if (next_ >= count_) throw Undecided("git cat-file gave more objects than were asked for");
    take_(next_++, std::move(content));
  }

  std::size_t count_;
  const std::function<void(std::size_t, std::optional<std::string>)>& take_;
  std::size_t next_ = 0;
  std::size_t wanted_ = 0;
  bool is_blob_ = false;
  std::string header_;
  std::string content_;
};

}  // namespace

void read_blobs(const Repository& repository, const std::vector<std::string>& oids,
                const std::function<void(std::size_t, std::optional<std::string>)>& take) {
  if (oids.empty()) return;
  Reader reader(oids.size(), take);
  Command command = repository.command({"cat-file", "--batch", "--buffer"});
  command.input = join(oids, "\n") + "\n";
  command.on_output = [&reader](std::string_view piece) { reader.feed(piece); };
  const Finished finished = exitgate::run(command);
  if (reader.taken() != oids.size()) {
    throw Undecided(
        fmt::format("{}: git cat-file broke off after {} of {} objects: {}",
                    repository.git_directory().string(), reader.taken(), oids.size(),
                    finished.error.empty() ? finished.outcome() : std::string(trim(finished.error))));
  }
}

}  // namespace exitgate::git
