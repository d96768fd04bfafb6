// The rows of one gate: gathered file by file, cut to as many as are kept, and written.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/asked/seeker.h"
#include "harness/facts/store.h"

namespace exitgate::collect::asked {

class RequestWriter {
 public:
  RequestWriter(const Seeker& seeker, std::string gate, std::string question, bool example)
      : seeker_(seeker), gate_(std::move(gate)), question_(std::move(question)), example_(example) {}

  void add(const FileAnswer& answer, std::string_view path);
  // Notes each glob of the gate that matches none of the commit's paths: it may be misspelt.
  void note_unmatched_globs(const std::vector<std::string_view>& paths);
  void write(facts::Store& store);

 private:
  template <typename Row>
  void write_rows(facts::Store& store, std::vector<Row> rows) const;

  const Seeker& seeker_;
  std::string gate_;
  std::string question_;
  bool example_;
  std::int64_t examined_ = 0;
  std::int64_t found_ = 0;
  std::vector<facts::asked::Match> matches_;
  std::vector<facts::asked::Path> paths_;
  std::vector<facts::asked::Value> values_;
  std::vector<facts::asked::Problem> problems_;
  std::map<std::string, std::vector<std::string>> passed_over_;  // paths, by what they are
};

}  // namespace exitgate::collect::asked
