#include "harness/collect/asked/collect.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <thread>

#include "harness/asked/answer.h"
#include "harness/asked/example.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/base/work_queue.h"
#include "harness/check/check.h"
#include "harness/collect/asked/request_writer.h"
#include "harness/collect/asked/seeker.h"
#include "harness/facts/store.h"
#include "harness/git/batch.h"
#include "harness/json/json.h"

namespace exitgate::collect::asked {

namespace {

using exitgate::asked::CodeOwners;
using exitgate::asked::OwnersProvider;

constexpr std::size_t kQueueLimit = 32U << 20U;

// One gate's question; the check's name and parameters are those of its gate file.
struct Asker {
  const AskedRequest* request;
  std::unique_ptr<Seeker> seeker;
  std::string question;
};

class CommitFiles : public OtherFiles {
 public:
  explicit CommitFiles(const Checkout& checkout) : checkout_(checkout) {}
  std::optional<std::string> read(std::string_view path) const override {
    const auto found = std::lower_bound(
        checkout_.tree.begin(), checkout_.tree.end(), path,
        [](const git::TreeEntry& entry, std::string_view wanted) { return entry.path < wanted; });
    if (found == checkout_.tree.end() || found->path != path || found->type != "blob") return std::nullopt;
    git::Objects objects(checkout_.repository);
    auto object = objects.read(found->oid, kContentLimit);
    if (!object) return std::nullopt;
    return std::move(object->content);
  }
  std::optional<CodeOwners> code_owners(std::optional<OwnersProvider> provider) const override {
    return CodeOwners::find(provider, [&](std::string_view path) { return read(path); });
  }

 private:
  const Checkout& checkout_;
};

// The example's files, before those of the commit.
class ExampleFiles : public OtherFiles {
 public:
  ExampleFiles(const OtherFiles& commit, const std::vector<exitgate::asked::ExampleFile>& files)
      : commit_(commit), files_(files) {}
  std::optional<std::string> read(std::string_view path) const override {
    auto own = read_own(path);
    return own ? own : commit_.read(path);
  }
  std::optional<CodeOwners> code_owners(std::optional<OwnersProvider> provider) const override {
    return CodeOwners::find_in_example(
        provider, [&](std::string_view path) { return read_own(path); },
        [&](std::string_view path) { return commit_.read(path); });
  }

 private:
  std::optional<std::string> read_own(std::string_view path) const {
    for (const auto& file : files_) {
      if (file.path == path) return file.content;
    }
    return std::nullopt;
  }

  const OtherFiles& commit_;
  const std::vector<exitgate::asked::ExampleFile>& files_;
};

const check::Check& check_of(const AskedRequest& request) {
  const auto* check = check::find_check(request.check);
  if (check == nullptr) throw Undecided(fmt::format("there is no check '{}'", request.check));
  return *check;
}

std::vector<Asker> make_askers(const std::vector<AskedRequest>& requests, const OtherFiles& files) {
  std::vector<Asker> askers;
  for (const auto& request : requests) {
    const check::Parameters with(check_of(request).parameters, Json::parse(request.with), request.gate);
    askers.push_back({&request, make_seeker(request.check, with, files), request.with});
  }
  return askers;
}

// Which gates want what of a file.
struct Wanted {
  std::vector<std::size_t> by;
  bool content = false;
};

Wanted wanted_of(const std::vector<Asker>& askers, std::string_view path, std::string_view mode) {
  Wanted wanted;
  for (std::size_t i = 0; i < askers.size(); ++i) {
    const auto interest = askers[i].seeker->interest(path, mode);
    if (interest == Interest::none) continue;
    wanted.by.push_back(i);
    wanted.content = wanted.content || interest == Interest::content;
  }
  return wanted;
}

using Answers = std::vector<std::pair<std::size_t, FileAnswer>>;  // by the number of the gate

Answers ask(const std::vector<Asker>& askers, const std::vector<std::size_t>& by, Content& content) {
  Answers answers;
  for (const std::size_t i : by) {
    auto answer = askers[i].seeker->examine(content);
    if (!answer.empty()) answers.emplace_back(i, std::move(answer));
  }
  return answers;
}

struct Job {
  std::size_t file;
  git::Blob blob;
};

class Pass {
 public:
  Pass(const Checkout& checkout, const std::vector<Asker>& askers)
      : checkout_(checkout), askers_(askers), answers_(checkout.tree.size()) {}

  std::vector<Answers> run() {
    std::vector<std::size_t> files;
    std::vector<std::string> oids;
    wanted_.resize(checkout_.tree.size());
    for (std::size_t i = 0; i < checkout_.tree.size(); ++i) {
      const auto& entry = checkout_.tree[i];
      wanted_[i] = wanted_of(askers_, entry.path, entry.mode);
      if (wanted_[i].by.empty()) continue;
      if (entry.type != "blob" || !wanted_[i].content) {
        examine(i, {});
        continue;
      }
      files.push_back(i);
      oids.push_back(entry.oid);
    }
    if (!files.empty()) read(files, oids);
    return std::move(answers_);
  }

 private:
  void read(const std::vector<std::size_t>& files, const std::vector<std::string>& oids) {
    WorkQueue<Job> queue(kQueueLimit);
    ThreadGroup threads;
    try {
      for (unsigned left = std::clamp(std::thread::hardware_concurrency(), 1U, 4U); left > 0; --left) {
        threads.start([&] {
          try {
            while (auto job = queue.pop()) examine(job->file, std::move(job->blob));
          } catch (...) {
            queue.cancel();
            throw;
          }
        });
      }
      git::read_blobs(checkout_.repository, oids, kContentLimit, [&](std::size_t index, git::Blob blob) {
        const std::size_t weight = blob.content ? blob.content->size() : 1;
        queue.push({files[index], std::move(blob)}, weight);
      });
    } catch (...) {
      queue.cancel();
      throw;
    }
    queue.close();
    threads.join();
  }

  void examine(std::size_t file, git::Blob blob) {
    const auto& entry = checkout_.tree[file];
    std::string unread;
    if (blob.missing) {
      unread = fmt::format("its blob {} is missing from the clone", entry.oid);
    } else if (entry.type == "blob" && wanted_[file].content && !blob.content) {
      unread = fmt::format("not searched: {} bytes, more than {}", blob.size, kContentLimit);
    }
    Content content(entry.path, entry.mode, std::move(blob.content), blob.size, std::move(unread));
    answers_[file] = ask(askers_, wanted_[file].by, content);
  }

  const Checkout& checkout_;
  const std::vector<Asker>& askers_;
  std::vector<Wanted> wanted_;
  std::vector<Answers> answers_;
};

void write_example(const Asker& asker, const OtherFiles& commit, RequestWriter& writer) {
  const auto files = exitgate::asked::example_files(Json::parse(asker.request->example));
  const check::Parameters with(check_of(*asker.request).parameters, Json::parse(asker.request->with),
                               asker.request->gate);
  const ExampleFiles others(commit, files);
  const auto seeker = make_seeker(asker.request->check, with, others);
  for (const auto& file : files) {
    if (seeker->interest(file.path, file.mode) == Interest::none) continue;
    Content content(file.path, file.mode, file.content, file.content.size());
    if (file.size) content.set_size(*file.size);
    writer.add(seeker->examine(content), file.path);
  }
}

void collect_all(const Checkout& checkout, const std::vector<AskedRequest>& requests,
                 const std::filesystem::path& out) {
  const CommitFiles files(checkout);
  const auto askers = make_askers(requests, files);
  const auto answers = Pass(checkout, askers).run();
  std::vector<std::string_view> paths;
  paths.reserve(checkout.tree.size());
  for (const auto& entry : checkout.tree) paths.emplace_back(entry.path);
  facts::Store store(out, "asked");
  for (std::size_t i = 0; i < askers.size(); ++i) {
    const auto& asker = askers[i];
    RequestWriter writer(*asker.seeker, asker.request->gate, asker.question, false);
    for (std::size_t file = 0; file < answers.size(); ++file) {
      for (const auto& [by, answer] : answers[file]) {
        if (by == i) writer.add(answer, checkout.tree[file].path);
      }
    }
    writer.note_unmatched_globs(paths);
    writer.write(store);
    if (asker.request->example.empty()) continue;
    RequestWriter example(*asker.seeker, asker.request->gate, asker.question, true);
    write_example(asker, files, example);
    example.write(store);
  }
  store.close();
}

}  // namespace

facts::asked::Path occurrence_row(const Content& file, bool occurs) {
  return {.gate = "",
          .example = false,
          .file = std::string(file.path()),
          .mode = std::string(file.mode()),
          .size = file.size(),
          .matches = occurs};
}

void pass_over(const Content& file, bool named, FileAnswer& answer) {
  const bool is_other = !file.what().empty();
  const bool told_by_name =
      file.mode() == "120000" || file.mode() == "160000" || is_known_binary(file.path());
  const bool source = syntax::language_of_file(file.path()) != nullptr;
  if (is_other && (told_by_name || (!named && !source))) {
    answer.passed_over = file.what();
    return;
  }
  answer.problems.push_back(
      {.gate = "", .example = false, .file = std::string(file.path()), .reason = file.unread()});
}

std::unique_ptr<Seeker> make_seeker(std::string_view check, const check::Parameters& with,
                                    const OtherFiles& files) {
  if (check == "text") return seek_text(with);
  if (check == "syntax") return seek_syntax(with);
  if (check == "files") return seek_files(with, files);
  if (check == "document") return seek_document(with);
  throw Undecided(fmt::format("nothing is collected for the check '{}'", check));
}

}  // namespace exitgate::collect::asked

namespace exitgate::collect {

bool is_asked_by(std::string_view check) {
  constexpr std::array<std::string_view, 4> kChecks = {"text", "syntax", "files", "document"};
  return std::find(kChecks.begin(), kChecks.end(), check) != kChecks.end();
}

void collect_asked(const Checkout& checkout, const std::vector<AskedRequest>& requests,
                   const std::filesystem::path& out) {
  asked::collect_all(checkout, requests, out);
}

}  // namespace exitgate::collect
