#include "harness/collect/ci/blobs.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>

#include "harness/base/error.h"

namespace exitgate::collect::ci {

namespace {

// Takes the line up to the next newline off the front of `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

// Size in "<oid> blob <size>"; nullopt for anything else ("<oid> missing").
std::optional<std::size_t> blob_size(std::string_view header) {
  const std::size_t kind = header.find(" blob ");
  if (kind == std::string_view::npos) return std::nullopt;
  const std::string_view digits = header.substr(kind + std::string_view(" blob ").size());
  std::size_t size = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), size);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return size;
}

std::string ask(const git::Repository& repository, const std::string& option, const std::string& ids) {
  Command command = repository.command({"cat-file", option});
  command.input = ids;
  Finished finished = run(command);
  if (!finished.ok()) throw Undecided(fmt::format("git cat-file {}: {}", option, finished.outcome()));
  return std::move(finished.output);
}

}  // namespace

std::vector<Blob> read_blobs(const git::Repository& repository, const std::vector<std::string>& ids,
                             std::size_t limit) {
  std::vector<Blob> blobs(ids.size());
  if (ids.empty()) return blobs;
  std::string all;
  for (const std::string& id : ids) all += id + '\n';
  const std::string sizes = ask(repository, "--batch-check", all);
  std::string wanted;
  std::string_view rest = sizes;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto size = blob_size(take_line(rest));
    if (!size) {
      blobs[i].problem = fmt::format("blob {} is missing from the clone", ids[i]);
    } else if (*size > limit) {
      blobs[i].problem = fmt::format("{} bytes: larger than the limit of {}", *size, limit);
    } else {
      wanted += ids[i] + '\n';
    }
  }
  if (wanted.empty()) return blobs;
  const std::string contents = ask(repository, "--batch", wanted);
  rest = contents;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    if (!blobs[i].problem.empty()) continue;
    const auto size = blob_size(take_line(rest));
    if (!size || rest.size() < *size) {
      blobs[i].problem = fmt::format("blob {} cannot be read", ids[i]);
      continue;
    }
    blobs[i].content = rest.substr(0, *size);
    rest.remove_prefix(*size);
    if (!rest.empty()) rest.remove_prefix(1);
  }
  return blobs;
}

}  // namespace exitgate::collect::ci
