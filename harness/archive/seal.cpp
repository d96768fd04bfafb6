#include "harness/archive/seal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

#include "harness/archive/codec.h"
#include "harness/archive/read_back.h"
#include "harness/archive/zip.h"
#include "harness/attest/attestation.h"
#include "harness/attest/sidecars.h"
#include "harness/attest/signing.h"
#include "harness/attest/ssh.h"
#include "harness/attest/timestamp.h"
#include "harness/attest/verification_summary.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/collect/secrets/scan.h"
#include "harness/digest/digest.h"
#include "harness/record/names.h"
#include "harness/record/parts.h"
#include "harness/record/run_summary.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(std::string_view what, const fs::path& path) {
  const int why = errno;
  throw Undecided(fmt::format("cannot {} {}: {}", what, path.string(), std::strerror(why)),
                  why == ENOSPC || why == EDQUOT ? "the disk is full: free some room, then seal again" : "");
}

// A file while it has no name of its own: goes with the object unless it was given its final one.
class Draft {
 public:
  explicit Draft(const fs::path& archive)
      : final_(archive), folder_(archive.has_parent_path() ? archive.parent_path() : fs::path(".")) {
    std::error_code made;
    fs::create_directories(folder_, made);
    const std::string prefix = fmt::format(".{}.sealing-", archive.filename().string());
    remove_abandoned(prefix);
    name_ = (folder_ / (prefix + "XXXXXX")).string();
    fd_ = ::mkostemp(name_.data(), O_CLOEXEC);
    // Held as long as we live: whoever finds the file without its lock may remove it.
    if (fd_ < 0 || ::flock(fd_, LOCK_EX | LOCK_NB) != 0) refuse("write", archive);
  }
  ~Draft() {
    if (fd_ >= 0) ::close(fd_);
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  int fd() const { return fd_; }
  void write(std::string_view bytes) {
    digest_.update(bytes);
    size_ += bytes.size();
    while (!bytes.empty()) {
      const ssize_t put = ::write(fd_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) refuse("write", final_);
      bytes.remove_prefix(static_cast<std::size_t>(put));
    }
    if (size_ - begun_ >= kFlushed) {
      // So that little is left for fsync.
      ::sync_file_range(fd_, static_cast<off_t>(begun_), static_cast<off_t>(size_ - begun_),
                        SYNC_FILE_RANGE_WRITE);
      begun_ = size_;
    }
  }
  // What was written before, again: then digest() is that of no file any more.
  void patch(std::uint64_t offset, std::string_view bytes) {
    if (::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)) !=
        static_cast<ssize_t>(bytes.size())) {
      refuse("write", final_);
    }
    patched_ = true;
  }
  // "" once something was patched.
  std::string digest() { return patched_ ? "" : digest_.hex(); }
  std::uint64_t size() const { return size_; }

  void sync() {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    if (::fchmod(fd_, 0666 & ~mask) != 0 || ::fsync(fd_) != 0) refuse("write", final_);
  }
  void publish() {
    if (::rename(name_.c_str(), final_.c_str()) != 0) refuse("write", final_);
    name_.clear();
    const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
      ::fsync(folder);
      ::close(folder);
    }
  }

 private:
  // What a killed sealing left.
  void remove_abandoned(const std::string& prefix) const {
    std::error_code failed;
    for (fs::directory_iterator at(folder_, failed), end; !failed && at != end; at.increment(failed)) {
      if (!at->path().filename().string().starts_with(prefix)) continue;
      const int file = ::open(at->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
      if (file < 0) continue;
      if (::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlink(at->path().c_str());
      ::close(file);
    }
  }

  static constexpr std::uint64_t kFlushed = 8U << 20;

  fs::path final_;
  fs::path folder_;
  std::string name_;
  int fd_ = -1;
  Sha256 digest_;
  std::uint64_t size_ = 0;
  std::uint64_t begun_ = 0;  // that the kernel was told to write
  bool patched_ = false;
};

void publish(const fs::path& path, std::string_view content) {
  Draft draft(path);
  draft.write(content);
  draft.sync();
  draft.publish();
}

// "2026-11-23T13:50:38Z" as seconds; 1980-01-01 (which every archive format can say) when it is no such time.
std::int64_t seconds_of(const std::string& time) {
  constexpr std::int64_t kEarliest = 315532800;
  return std::max(seconds_of_utc(time).value_or(kEarliest), kEarliest);
}

// What looks like a secret and that nobody answers for.
std::vector<collect::secrets::ResidualSecret> leftovers(const SealOptions& options,
                                                        const std::vector<record::PayloadFile>& files) {
  auto left = collect::secrets::scan(options.run, files);
  std::erase_if(left, [&](const collect::secrets::ResidualSecret& one) {
    return std::find(options.accepted.begin(), options.accepted.end(), one.path + ":" + one.kind) !=
           options.accepted.end();
  });
  return left;
}

[[noreturn]] void refuse_leftovers(const std::vector<collect::secrets::ResidualSecret>& left) {
  constexpr std::size_t kShown = 100;
  std::string places;
  for (std::size_t i = 0; i < std::min(left.size(), kShown); ++i) places += "\n  " + to_string(left[i]);
  throw Undecided(fmt::format("nothing is sealed: {} in the run directory {} like a secret in the clear:{}",
                              count_of(left.size(), "place"), left.size() == 1 ? "looks" : "look", places),
                  "keep the value out of what is collected, or report a false alarm");
}

// Takes the files with leftovers out, and says of each why.
void withhold(const std::vector<collect::secrets::ResidualSecret>& left,
              std::vector<record::PayloadFile>& files, std::vector<std::string>& problems) {
  std::set<std::string> withheld;
  for (const auto& one : left) {
    if (withheld.insert(one.path).second)
      problems.push_back(fmt::format("withheld, looks like a secret: {}", to_string(one)));
  }
  std::erase_if(files, [&](const record::PayloadFile& file) { return withheld.contains(file.path); });
}

// Where members go, in the archive's form.
class MemberWriter {
 public:
  virtual ~MemberWriter() = default;
  virtual void begin(const std::string& name, std::uint64_t size) = 0;
  virtual void bytes(std::string_view piece) = 0;
  virtual void end() = 0;
  virtual void finish() = 0;
};

class TarMembers : public MemberWriter {
 public:
  TarMembers(Sink put, Coding coding, int threads, std::int64_t mtime)
      : encoder_(make_encoder(coding, std::move(put), threads)), mtime_(mtime) {}
  void begin(const std::string& name, std::uint64_t size) override {
    size_ = size;
    bytes(tar_header(name, size, mtime_));
  }
  void bytes(std::string_view piece) override {
    total_ += piece.size();
    encoder_->write(piece);
  }
  void end() override { bytes(std::string(tar_padding(size_), '\0')); }
  void finish() override {
    std::uint64_t end = total_ + 2 * kTarBlock;
    end = (end + kTarRecord - 1) / kTarRecord * kTarRecord;
    bytes(std::string(static_cast<std::size_t>(end - total_), '\0'));
    encoder_->finish();
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::int64_t mtime_;
  std::uint64_t size_ = 0;
  std::uint64_t total_ = 0;
};

class ZipMembers : public MemberWriter {
 public:
  ZipMembers(Sink put, ZipWriter::Patch patch, std::int64_t mtime)
      : zip_(std::move(put), std::move(patch), mtime) {}
  void begin(const std::string& name, std::uint64_t size) override { zip_.begin(name, size); }
  void bytes(std::string_view piece) override { zip_.bytes(piece); }
  void end() override { zip_.end(); }
  void finish() override { zip_.finish(); }

 private:
  ZipWriter zip_;
};

std::unique_ptr<MemberWriter> make_writer(Draft& draft, ReadBack& read_back, Format format, int threads,
                                          std::int64_t mtime) {
  if (format == Format::zip) {
    // Its local headers are completed later: there is nothing to read before the end.
    return std::make_unique<ZipMembers>(
        [&draft](std::string_view piece) { draft.write(piece); },
        [&draft](std::uint64_t offset, std::string_view piece) { draft.patch(offset, piece); }, mtime);
  }
  return std::make_unique<TarMembers>(
      [&](std::string_view piece) {
        draft.write(piece);
        read_back.written(draft.size());
      },
      format == Format::tar_zst ? Coding::zstd : Coding::gzip, threads, mtime);
}

class Packer {
 public:
  Packer(MemberWriter& writer, std::string folder)
      : writer_(writer), folder_(std::move(folder)), buffer_(1 << 18, '\0') {}

  ManifestEntry add(const std::string& path, std::string_view content) {
    writer_.begin(folder_ + "/" + path, content.size());
    writer_.bytes(content);
    writer_.end();
    return {path, content.size(), sha256_hex(content)};
  }

  ManifestEntry add_file(const std::string& path, const fs::path& source, std::uint64_t size) {
    const int file = ::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) refuse("open", source);
    struct Closing {
      int fd;
      ~Closing() { ::close(fd); }
    } const closing{file};
    writer_.begin(folder_ + "/" + path, size);
    Sha256 digest;
    std::uint64_t read = 0;
    for (;;) {
      const ssize_t got = ::read(file, buffer_.data(), buffer_.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) refuse("read", source);
      if (got == 0) break;
      const std::string_view piece(buffer_.data(), static_cast<std::size_t>(got));
      read += piece.size();
      if (read > size) break;
      digest.update(piece);
      writer_.bytes(piece);
    }
    if (read != size) {
      throw Undecided(fmt::format("{} changed while it was sealed", source.string()),
                      "let what writes it end, then seal again");
    }
    writer_.end();
    return {path, size, digest.hex()};
  }

 private:
  MemberWriter& writer_;
  std::string folder_;
  std::string buffer_;
};

Info bag_info(const SealOptions& options, const record::RunSummary& summary,
              const std::vector<record::PayloadFile>& files, const std::vector<std::string>& problems) {
  std::uint64_t bytes = 0;
  for (const auto& file : files) bytes += file.size;
  Info info;
  info.emplace_back("Bag-Software-Agent", options.agent);
  if (summary.started_at.size() >= 10) info.emplace_back("Bagging-Date", summary.started_at.substr(0, 10));
  if (!summary.id.empty()) info.emplace_back("External-Identifier", summary.id);
  info.emplace_back("Payload-Oxum", fmt::format("{}.{}", bytes, files.size()));
  if (!summary.commit.empty()) info.emplace_back("Exitgate-Commit", summary.commit);
  if (!summary.tree.empty()) info.emplace_back("Exitgate-Tree", summary.tree);
  if (!summary.suite_digest.empty()) info.emplace_back("Exitgate-Suite", summary.suite_digest);
  info.emplace_back(
      "Exitgate-Verdicts",
      fmt::format("{} pass, {} fail, {} skip, {} error, {} not evaluated", summary.count("pass"),
                  summary.count("fail"), summary.count("skip"), summary.count("error"), summary.count("")));
  for (const auto& gate : summary.gates) {
    if (gate.status.empty()) info.emplace_back("Exitgate-Not-Evaluated", gate.gate);
  }
  for (const auto& problem : problems) info.emplace_back("Exitgate-Incomplete", problem);
  for (const auto& [label, value] : options.info) {
    if (info_value(info, label).empty()) info.emplace_back(label, value);
  }
  return info;
}

}  // namespace

Sealed seal(const SealOptions& options) {
  const Format format = format_of(options.archive);
  const std::string folder = folder_of(options.archive);
  if (const auto problem = record::name_problem(folder); !problem.empty()) {
    throw UsageError(fmt::format("the archive {} {}", options.archive.filename().string(), problem),
                     "give it another name");
  }
  // A key that cannot sign is known before anything is packed.
  std::optional<attest::Key> key;
  const bool by_ssh = options.key && attest::is_ssh_key(*options.key);
  if (options.key && !by_ssh) key = attest::Key::load_private(*options.key, options.key_passphrase);
  if (options.summary && !key) {
    throw UsageError("a verification summary is signed, and there is no PEM key to sign it with",
                     "give --key a PEM key");
  }
  if (by_ssh) attest::ssh_sign(*options.key, "can it sign?");

  auto files = record::payload_of(options.run, options.members);
  const record::RunSummary summary = record::summarize(options.run);
  std::vector<std::string> problems = record::missing_parts(files, options.required);
  for (auto& problem : record::changed_parts(options.run)) problems.push_back(std::move(problem));
  if (options.secrets != SealOptions::ignore_secrets) {
    const auto left = leftovers(options, files);
    if (!left.empty() && options.secrets == SealOptions::refuse_secrets) refuse_leftovers(left);
    withhold(left, files, problems);
  }

  Draft draft(options.archive);
  // Reads back what the file holds, not what was meant to be written to it.
  ReadBack read_back(draft.fd(), format);
  const auto writer = make_writer(draft, read_back, format, options.threads, seconds_of(summary.started_at));
  Packer packer(*writer, folder);
  std::vector<ManifestEntry> tags;
  tags.push_back(packer.add("bagit.txt", kBagDeclaration));
  tags.push_back(packer.add("bag-info.txt", render_info(bag_info(options, summary, files, problems))));
  std::vector<ManifestEntry> payload;
  payload.reserve(files.size());
  for (const auto& file : files)
    payload.push_back(packer.add_file("data/" + file.path, options.run / file.path, file.size));
  tags.push_back(packer.add("manifest-sha256.txt", render_manifest(payload)));
  packer.add("tagmanifest-sha256.txt", render_manifest(tags));
  writer->finish();
  read_back.written(draft.size());
  draft.sync();
  const std::string written = draft.digest();
  const Bag bag = read_back.finish();
  if ((!written.empty() && bag.sha256 != written) || bag.payload.size() != payload.size() ||
      !bag.checksum_problems.empty() || !bag.completeness_problems.empty()) {
    throw Undecided(fmt::format("{} does not read back as it was written", options.archive.string()),
                    "the disk or the memory is faulty, or a file changed while it was sealed");
  }

  Sealed sealed;
  sealed.archive = options.archive;
  sealed.sha256 = bag.sha256;
  sealed.bytes = draft.size();
  sealed.files = files.size();
  sealed.problems = problems;
  const std::string statement =
      attest::render_statement(summary, options.archive.filename().string(), bag.sha256, problems.empty());
  const std::string attestation = key ? attest::render_envelope(statement, *key) : statement + "\n";
  const std::string ssh_signature = by_ssh ? attest::ssh_sign(*options.key, attestation) : "";
  // An attestation of what the name held before would speak of another archive.
  std::error_code ignored;
  fs::remove(attest::envelope_path(options.archive), ignored);
  fs::remove(attest::statement_path(options.archive), ignored);
  fs::remove(attest::ssh_signature_path(options.archive), ignored);
  fs::remove(attest::timestamp_path(attest::envelope_path(options.archive)), ignored);
  fs::remove(attest::timestamp_path(attest::statement_path(options.archive)), ignored);
  fs::remove(attest::summary_path(options.archive), ignored);
  draft.publish();
  sealed.is_signed = options.key.has_value();
  sealed.statement = key ? attest::envelope_path(options.archive) : attest::statement_path(options.archive);
  publish(sealed.statement, attestation);
  if (by_ssh) publish(attest::ssh_signature_path(options.archive), ssh_signature);
  if (options.summary) {
    publish(attest::summary_path(options.archive),
            attest::render_envelope(
                attest::render_summary_statement(summary, options.agent, options.archive.filename().string(),
                                                 bag.sha256, problems.empty()),
                *key));
  }
  if (options.timestamp_url) {
    publish(attest::timestamp_path(sealed.statement),
            attest::fetch_timestamp(*options.timestamp_url, attestation));
    sealed.is_timestamped = true;
  }
  if (!problems.empty()) {
    throw Incomplete(fmt::format("the evidence is incomplete: {}", join(problems, "; ")), sealed);
  }
  return sealed;
}

}  // namespace exitgate::archive
