// Taking some payload files of an archive out, into a private folder, while it streams by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "harness/archive/bag.h"
#include "harness/archive/consistency.h"
#include "harness/base/file.h"
#include "harness/json/json.h"

namespace exitgate::archive {

// Whether a payload path is wanted.
using Wanted = std::function<bool(const std::string& path)>;

// What replay and comparison read: run.json, suite/, verdicts/ and facts/.
bool is_evaluated_part(const std::string& path);

// Writes wanted files under a private folder that goes with the object. Names were checked by the reader:
// none leads out of it. Also reads run.json, gates and verdicts as strict JSON, so that a document with a
// duplicate key, or a verdict of an unknown status, is a VerificationError.
class Extractor : public PayloadVisitor {
 public:
  explicit Extractor(Wanted wanted, std::uint64_t most_bytes = 4ULL << 30);
  ~Extractor() override;
  Extractor(const Extractor&) = delete;
  Extractor& operator=(const Extractor&) = delete;

  void begin(const std::string& path, std::uint64_t size) override;
  void bytes(std::string_view piece) override;
  void end() override;

  // There when it is first asked for, or something was wanted.
  const std::filesystem::path& folder();
  // run.json as it was read, not yet as a record; nullopt when there is none.
  const std::optional<Json>& run_record() const { return run_record_; }
  std::size_t documents() const { return documents_; }
  const RunDocuments& run_documents() const { return run_documents_; }

 private:
  std::optional<TemporaryDirectory> folder_;
  Wanted wanted_;
  std::uint64_t left_;
  std::string path_;
  std::string json_;
  std::optional<Json> run_record_;
  std::size_t documents_ = 0;
  RunDocuments run_documents_;
  bool is_json_ = false;
  int file_ = -1;
};

}  // namespace exitgate::archive
