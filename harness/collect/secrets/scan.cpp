#include "harness/collect/secrets/scan.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/thread_group.h"
#include "harness/facts/facts.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/bundle.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::secrets {

namespace {

constexpr std::size_t kMost = 100;  // of one file: enough to know it by

std::string column_list(const facts::Facts& facts, const std::string& domain, const std::string& table) {
  std::string columns;
  for (const auto& row :
       facts.query(fmt::format("SELECT name FROM pragma_table_info('{}', '{}')", table, domain))) {
    columns += fmt::format("{}\"{}\"", columns.empty() ? "" : ", ", row.text("name"));
  }
  return columns;
}

void scan_store(const std::filesystem::path& store, const std::string& shown,
                std::vector<ResidualSecret>& found) {
  const std::size_t before = found.size();
  const std::string domain = store.stem().string();
  const facts::Facts facts(store.parent_path(), {domain});
  std::vector<std::string> tables;
  for (const auto& row : facts.query(
           fmt::format("SELECT name FROM {}.sqlite_schema WHERE type = 'table' ORDER BY name", domain))) {
    tables.push_back(row.text("name"));
  }
  for (const auto& table : tables) {
    std::size_t number = 0;
    auto query = facts.query(
        fmt::format("SELECT {} FROM {}.\"{}\"", column_list(facts, domain, table), domain, table));
    for (const auto& row : query) {
      ++number;
      for (const auto& column : query.column_names()) {
        if (found.size() - before >= kMost) break;
        for (const auto& place : redact::Redactor::places(row.text(column))) {
          found.push_back(
              {shown, 0, fmt::format("{}.{}.{}, row {}", domain, table, column, number), place.what});
        }
      }
    }
  }
}

// In pieces that end with a line, so that a log of any size is read in little memory. A private key or a COPY
// that spans two pieces is met in the first.
void scan_file(const std::filesystem::path& path, const std::string& shown,
               std::vector<ResidualSecret>& found) {
  const std::size_t before = found.size();
  constexpr std::size_t kPiece = 4U << 20;
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Undecided(fmt::format("cannot read {}", path.string()));
  std::string piece;
  std::size_t lines = 0;
  for (bool more = true; more && found.size() - before < kMost;) {
    const std::size_t kept = piece.size();
    piece.resize(kept + kPiece);
    file.read(piece.data() + kept, static_cast<std::streamsize>(kPiece));
    piece.resize(kept + static_cast<std::size_t>(file.gcount()));
    if (file.bad()) throw Undecided(fmt::format("cannot read {}", path.string()));
    more = !file.eof();
    const std::size_t newline = more ? piece.rfind('\n') : std::string::npos;
    const std::size_t end = newline == std::string::npos ? piece.size() : newline + 1;
    for (const auto& [line, what] : redact::Redactor::places(std::string_view(piece).substr(0, end))) {
      if (found.size() - before < kMost) found.push_back({shown, lines + line, "", what});
    }
    lines += static_cast<std::size_t>(
        std::count(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    piece.erase(0, end);
  }
}

}  // namespace

std::string to_string(const ResidualSecret& leftover) {
  if (leftover.line == 0) return fmt::format("{}: {}: {}", leftover.path, leftover.place, leftover.kind);
  return fmt::format("{}: line {}: {}", leftover.path, leftover.line, leftover.kind);
}

std::vector<ResidualSecret> scan(const std::filesystem::path& run) {
  return scan(run, record::payload_of(run));
}

std::vector<ResidualSecret> scan(const std::filesystem::path& run,
                                 const std::vector<record::PayloadFile>& files) {
  // Two threads take the files as they come; what they find is told in the order of the files.
  std::vector<std::vector<ResidualSecret>> found(files.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    try {
      for (std::size_t at = next++; at < files.size(); at = next++) {
        const auto& path = files[at].path;
        if (path.starts_with("facts/") && path.ends_with(".db")) {
          scan_store(run / path, path, found[at]);
        } else {
          scan_file(run / path, path, found[at]);
        }
      }
    } catch (...) {
      next = files.size();  // the other thread need not go on
      throw;
    }
  };
  ThreadGroup other;
  other.start(work);
  work();
  other.join();
  std::vector<ResidualSecret> all;
  for (auto& some : found)
    all.insert(all.end(), std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()));
  return all;
}

void write_residual_secrets(const record::RunDirectory& run, const std::vector<std::string>& members) {
  const auto files = record::payload_of(run.root, members);
  facts::Store store(run.facts(), "bundle");
  for (const auto& one : files) {
    store.insert(facts::bundle::File{.path = one.path, .bytes = static_cast<std::int64_t>(one.size)});
  }
  for (const auto& one : scan(run.root, files)) {
    facts::bundle::Secret secret{.path = one.path, .kind = one.kind};
    if (one.line > 0) secret.line = static_cast<std::int64_t>(one.line);
    if (!one.place.empty()) secret.place = one.place;
    store.insert(secret);
  }
  store.close();
}

}  // namespace exitgate::collect::secrets
