// Who looks at the files for one gate.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/asked/code_owners.h"
#include "harness/asked/file_set.h"
#include "harness/check/check.h"
#include "harness/collect/asked/content.h"
#include "harness/facts/tables/asked.h"

namespace exitgate::collect::asked {

// What one file gives. The gate's name and `example` of the rows are filled in by the one who writes them.
struct FileAnswer {
  bool examined = false;
  std::int64_t found = 0;  // rows that there are; those kept are the first of them
  std::vector<facts::asked::Match> matches;
  std::vector<facts::asked::Path> paths;
  std::vector<facts::asked::Value> values;
  std::vector<facts::asked::Problem> problems;
  std::string passed_over;  // what the file is ("binary file") when it was not looked at and need not be

  bool empty() const { return !examined && problems.empty() && passed_over.empty(); }
};

// What a file is to the gates: whether it is asked about, and whether its content is.
enum class Interest { none, name, content };

class Seeker {
 public:
  Seeker() = default;
  virtual ~Seeker() = default;
  Seeker(const Seeker&) = delete;
  Seeker& operator=(const Seeker&) = delete;

  virtual facts::asked::RequestKind kind() const = 0;
  virtual const exitgate::asked::FileSet& files() const = 0;
  // Whether the answer itself says which globs match no file.
  virtual bool asks_presence() const { return false; }
  virtual Interest interest(std::string_view path, std::string_view mode) const = 0;
  // From several threads.
  virtual FileAnswer examine(Content& file) const = 0;
  // Which of the rows are kept first, where there are more than can be: those that make the gate red.
  virtual bool is_first(const facts::asked::Path& /*row*/) const { return false; }
  virtual bool is_first(const facts::asked::Value& /*row*/) const { return false; }
};

// What a gate wants to know of files beside the one that is examined.
class OtherFiles {
 public:
  OtherFiles() = default;
  virtual ~OtherFiles() = default;
  OtherFiles(const OtherFiles&) = delete;
  OtherFiles& operator=(const OtherFiles&) = delete;
  // Nullopt when there is no such file, or it cannot be read.
  virtual std::optional<std::string> read(std::string_view path) const = 0;
  // Nullopt when there is no CODEOWNERS.
  virtual std::optional<exitgate::asked::CodeOwners> code_owners(
      std::optional<exitgate::asked::OwnersProvider> provider) const = 0;
};

// Throws check::ParameterError, and Undecided for a check that nobody collects for.
std::unique_ptr<Seeker> make_seeker(std::string_view check, const check::Parameters& with,
                                    const OtherFiles& files);

std::unique_ptr<Seeker> seek_text(const check::Parameters& with);
std::unique_ptr<Seeker> seek_syntax(const check::Parameters& with);
std::unique_ptr<Seeker> seek_files(const check::Parameters& with, const OtherFiles& files);
std::unique_ptr<Seeker> seek_document(const check::Parameters& with);

// The row of a file that is looked at for occurrences: whether there is one.
facts::asked::Path occurrence_row(const Content& file, bool occurs);

// Notes a file that is not text. Of a gate that names its files it is a problem, unless its name alone says that it is not.
void pass_over(const Content& file, bool named, FileAnswer& answer);

}  // namespace exitgate::collect::asked
