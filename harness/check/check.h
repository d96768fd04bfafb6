// What a check is: a function from facts to findings, with its metadata beside it.
//
// One file in checks/ holds one check:
//
//   namespace {
//   void run(const exitgate::Facts& facts, const exitgate::Parameters& with, exitgate::Report& report) { … }
//   const exitgate::Check check{
//       .name = "artifact-retention", .title = "…", .why = "…", .domains = {"ci"},
//       .parameters = {{"min-days", exitgate::Parameter::integer, "30", "…"}}, .run = run};
//   const exitgate::Registered registered(check);
//   }
//
// The rows of a fact table come as structs: with #include "harness/facts/tables/ci.h" a check writes
// `for (const ci::Artifact& artifact : facts.rows<ci::Artifact>("WHERE direction = 'upload'"))` (harness/facts/facts.h).
//
// A check never touches the repository, the network, the clock or the environment: its verdict can be
// replayed from the facts alone.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/error.h"
#include "harness/facts/facts.h"
#include "harness/facts/tables/domains.h"

namespace exitgate {
class Json;
}

namespace exitgate::check {

using facts::Facts;
using facts::Row;

struct Parameter {
  // `json`: any value; the check says what it must be.
  enum Type { integer, boolean, string, strings, json };
  std::string name;
  Type type;
  // The value when none is given, as JSON text; nullopt: must be given.
  std::optional<std::string> default_value;
  std::string meaning;
};

// "an integer", "true or false", "a string", "a list of strings", "a value"
std::string_view type_name(Parameter::Type type);

// A parameter that a check does not take, that has a value of another type, or that must be given and is not.
class ParameterError : public UsageError {
 public:
  // `hint`: "" lets the reader of gate files name the parameters that there are.
  ParameterError(std::string parameter, const std::string& message, const std::string& hint = "")
      : UsageError(message, hint), parameter_(std::move(parameter)) {}
  const std::string& parameter() const { return parameter_; }

 private:
  std::string parameter_;
};

// The values of a gate's `with:`, defaults filled in. Asking for a name that the check did not declare throws.
class Parameters {
 public:
  // `gate`: whose parameters they are; "" where no gate asks. Throws ParameterError.
  Parameters(const std::vector<Parameter>& declared, const Json& given, std::string gate = "");
  ~Parameters();
  Parameters(const Parameters&) = delete;
  Parameters& operator=(const Parameters&) = delete;

  std::int64_t integer(std::string_view name) const;
  bool boolean(std::string_view name) const;
  std::string string(std::string_view name) const;
  std::vector<std::string> strings(std::string_view name) const;
  const Json& json(std::string_view name) const;
  // The gate's name, by which a check finds the rows that were collected for it (asked.request.gate).
  const std::string& gate() const { return gate_; }

 private:
  std::string gate_;
  const Json& at(std::string_view name) const;
  struct Values;
  std::unique_ptr<Values> values_;
};

struct Finding {
  // What it is about, stable when lines move: "ci.yml:test:upload coverage"; "" takes the message.
  std::string key;
  std::string file;       // "" when it is not about a file
  std::int64_t line = 0;  // 0 when it is not about a line
  std::string message;    // what is wrong, and why
  std::string hint;       // what to do, or to write instead
};

// Where a check says what it saw.
class Report {
 public:
  // How many subjects were looked at. A check that examined this is not a pass.
  void examined(std::int64_t count = 1) { examined_ += count; }
  void fail(Finding finding) { findings_.push_back(std::move(finding)); }
  // A subject on which neither yes nor no can be said. Never a pass.
  void undecided(Finding finding) { undecided_.push_back(std::move(finding)); }
  // There is nothing to examine, or it was not asked for. Only when nothing was examined and nothing found. `remedy`: what
  // to write so that it is examined. A gate that says what it is about is undecided instead, where that exists.
  void skip(std::string reason, std::string remedy = "") {
    skipped_ = std::move(reason);
    remedy_ = std::move(remedy);
  }
  // What a reader may want to know although nothing is wrong: one line.
  void note(std::string line) { notes_.push_back(std::move(line)); }

  std::int64_t examined_count() const { return examined_; }
  const std::vector<Finding>& findings() const { return findings_; }
  const std::vector<Finding>& undecided_findings() const { return undecided_; }
  const std::optional<std::string>& skipped() const { return skipped_; }
  const std::string& remedy() const { return remedy_; }  // of a skip, "" for none
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  std::int64_t examined_ = 0;
  std::vector<Finding> findings_;
  std::vector<Finding> undecided_;
  std::optional<std::string> skipped_;
  std::string remedy_;
  std::vector<std::string> notes_;
};

// Names of the parts of the database stage: schema.work (harness/check/database_parts.h).
using Parts = std::vector<std::string>;

struct Check {
  std::string name;   // the executable's and the gate file's `check:`; the file's name without .cpp
  std::string title;  // one line: what it holds to be true
  std::string why;    // one or two sentences: what goes wrong without it
  std::vector<std::string> domains;  // fact stores that it reads
  // Those that it reads as well where a run has collected them (Facts::has): never collected for its sake, but before it.
  std::vector<std::string> optional_domains = {};
  // Of the domain `schema`, the parts (schema.work) that fill what it reads; nullopt: all of them. "{first}" is the part
  // that a parameter names, "tables of {query}" those that fill the tables of the SQL that a parameter holds. What is not
  // declared is not collected for it, and reading it is an error.
  std::optional<Parts> parts = std::nullopt;
  std::vector<Parameter> parameters;
  void (*run)(const Facts&, const Parameters&, Report&);
  // What else the parameters of a gate must be: throws ParameterError, when the gate files are read.
  void (*validate)(const Parameters&) = nullptr;
  // The counterexample as SQL, of an example that a gate file gives as a mapping (`counterexample: {file: a.py, content: "print(1)"}`),
  // or of null where it gives none: "" when the check cannot make one by itself. Throws UsageError for an example that
  // cannot be one. nullptr: the counterexample must be SQL.
  std::string (*counterexample)(const Parameters&, const Json& example) = nullptr;
};

// Makes a check known to the program that it is linked into.
struct Registered {
  explicit Registered(const Check& check);
};

// All checks linked into this program, sorted by name.
std::vector<const Check*> registered_checks();
const Check* find_check(std::string_view name);  // nullptr when unknown

}  // namespace exitgate::check
