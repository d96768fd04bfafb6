#include "harness/asked/files_question.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/asked/answer.h"
#include "harness/asked/message.h"
#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::asked {

using check::Parameter;
using check::ParameterError;

namespace {

// 500000, "500 kB", "2 MiB"
std::int64_t bytes_of(const Json& value) {
  if (value.is_integer() && value.integer() >= 0) return value.integer();
  if (value.is_string()) {
    const std::string& text = value.text();
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto unit = lower(trim(std::string_view(text).substr(digits)));
    const std::int64_t factor = unit == "kb"                  ? 1000
                                : unit == "mb"                ? 1000 * 1000
                                : unit == "kib"               ? 1024
                                : unit == "mib"               ? 1024 * 1024
                                : unit.empty() || unit == "b" ? 1
                                                              : 0;
    if (digits > 0 && digits < 10 && factor > 0) return std::stoll(text.substr(0, digits)) * factor;
  }
  throw ParameterError("size-at-most", "parameter 'size-at-most' must be a size",
                       "write a number of bytes, or 500 kB, 2 MB, 1 MiB");
}

std::optional<Pattern> pattern_of(const check::Parameters& with, const char* name) {
  const auto text = with.string(name);
  if (text.empty()) return std::nullopt;
  return Pattern(name, text);
}

}  // namespace

FilesQuestion::FilesQuestion(const check::Parameters& with)
    : files(with),
      name(pattern_of(with, "name")),
      mode(with.string("mode")),
      content(pattern_of(with, "contains")) {
  const auto must = with.string("must");
  if (!must.empty() && must != "exist" && must != "not-exist")
    throw ParameterError("must", fmt::format("parameter 'must' is '{}'", must), "write exist or not-exist");
  if (!with.json("size-at-most").is_null()) size_at_most = bytes_of(with.json("size-at-most"));
  const std::vector<std::string> modes = {"executable", "not-executable", "regular"};
  if (!mode.empty() && std::find(modes.begin(), modes.end(), mode) == modes.end()) {
    throw ParameterError("mode", fmt::format("parameter 'mode' is '{}'{}", mode, did_you_mean(mode, modes)),
                         "the modes are " + join(modes, ", "));
  }
  auto names = one_or_more(with, "owners");
  if (names == std::vector<std::string>{"any"}) names.clear();
  if (!with.json("owners").is_null()) owners = names;
  if (const auto provider = with.string("codeowners"); !provider.empty()) {
    owners_provider = owners_provider_named(provider);
    if (!owners_provider)
      throw ParameterError("codeowners", fmt::format("parameter 'codeowners' is '{}'", provider),
                           "write github, gitlab or gitea");
  }
  if (auto lacks = pattern_of(with, "lacks")) {
    if (content)
      throw ParameterError("lacks", "parameters 'contains' and 'lacks' are two questions", "write two gates");
    content = std::move(lacks);
    must_lack = true;
  }
  if (!with.string("equals").empty()) equals_file = with.string("equals");
  if (!with.json("equals-text").is_null()) {
    if (!with.json("equals-text").is_string())
      throw ParameterError("equals-text", "parameter 'equals-text' must be a string");
    equals_text = with.json("equals-text").text();
  }
  if (equals_file && equals_text)
    throw ParameterError("equals", "parameters 'equals' and 'equals-text' are both given",
                         "write one of them");
  must_not_exist = must == "not-exist";
  must_exist = must == "exist" || (must.empty() && !any());
  if (must_not_exist && any())
    throw ParameterError("must",
                         "parameter 'must' is not-exist, and so nothing else can be asked of the files");
  if ((must_exist || must_not_exist) && !files.is_given())
    throw ParameterError("files", "parameter 'files' must be given", "name the files, as in files: LICENSE");
  validate_message(with, {"file", "size", "owners", "problem"});
}

std::vector<std::string> FilesQuestion::violations(const facts::asked::Path& file) const {
  std::vector<std::string> all;
  if (name && !name->matches_all_of(name_of(file.file)))
    all.push_back(fmt::format("has the name '{}', which must match {}", name_of(file.file), name->text()));
  if (size_at_most && file.size && *file.size > *size_at_most)
    all.push_back(fmt::format("has {} bytes, and may have {}", *file.size, *size_at_most));
  if (mode == "executable" && file.mode != "100755") all.emplace_back("is not executable, and must be");
  if (mode == "not-executable" && file.mode == "100755") all.emplace_back("is executable, and must not be");
  if (mode == "regular" && file.mode == "120000") all.emplace_back("is a symbolic link, and must be a file");
  if (mode == "regular" && file.mode == "160000") all.emplace_back("is a submodule, and must be a file");
  if (owners) {
    const auto given = file.owners ? Json::parse(*file.owners).strings() : std::vector<std::string>();
    if (given.empty()) {
      all.push_back(file.owners_file ? fmt::format("has no owner: {} names none", *file.owners_file)
                                     : std::string("has no owner: no rule of CODEOWNERS fits it"));
    }
    for (const auto& owner : *owners) {
      if (!given.empty() && std::find(given.begin(), given.end(), owner) == given.end())
        all.push_back(fmt::format("is owned by {} ({}), and must be by {}", join(given, ", "),
                                  file.owners_file.value_or(""), owner));
    }
  }
  if (content && file.matches == must_lack) {
    all.push_back(
        fmt::format("{} {}", must_lack ? "contains, and must not," : "does not contain", content->text()));
  }
  if (file.equal == false) {
    all.push_back(fmt::format("differs from {}: {}",
                              equals_file ? "'" + *equals_file + "'" : "the text of the gate",
                              file.difference.value_or("")));
  }
  return all;
}

std::vector<check::Parameter> files_parameters() {
  return with_common_parameters(
      {{"must", Parameter::string, "\"\"", "exist: of each glob a file at least; not-exist: none"},
       {"name", Parameter::string, "\"\"",
        "a regular expression that the whole name must match, without its folder"},
       {"size-at-most", Parameter::json, "null", "bytes, or 500 kB, 2 MiB"},
       {"mode", Parameter::string, "\"\"", "executable, not-executable or regular (no link, no submodule)"},
       {"owners", Parameter::json, "null", "any, or who must be among the owners that CODEOWNERS names"},
       {"codeowners", Parameter::string, "\"\"",
        "github, gitlab or gitea: whose rules CODEOWNERS follows, where the repository does not tell"},
       {"contains", Parameter::string, "\"\"", "a regular expression that must occur"},
       {"lacks", Parameter::string, "\"\"", "one that must not"},
       {"equals", Parameter::string, "\"\"", "a file of the repository that its content must equal"},
       {"equals-text", Parameter::json, "null", "a text that its content must equal"}});
}

}  // namespace exitgate::asked
