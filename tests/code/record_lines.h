// What a language's record finds in one file, as lines: shared by the tests of the languages.
#pragma once

#include <fmt/core.h>

#include <ostream>
#include <string>

#include "harness/collect/code/language.h"

namespace exitgate::collect::code {

struct RecordSample {
  const char* name;
  const char* path;
  const char* content;
  const char* lines;
};

inline void PrintTo(const RecordSample& sample, std::ostream* out) {
  *out << sample.name;
}

inline std::string moment_name(facts::code::HookMoment moment) {
  using facts::code::HookMoment;
  switch (moment) {
    case HookMoment::session_start:
      return "session-start";
    case HookMoment::session_end:
      return "session-end";
    case HookMoment::session:
      return "session";
    case HookMoment::file_start:
      return "file-start";
    case HookMoment::file_end:
      return "file-end";
    default:
      return "other";
  }
}

// One line for each hook, read, call, framework sign with a line, test file and problem.
inline std::string record_lines(const RecordSample& sample) {
  FileFacts facts;
  examine_by_records(sample.path, sample.content, facts);
  std::string lines;
  for (const auto& hook : facts.hooks) {
    lines +=
        fmt::format("{} hook {} of {}: {}\n", hook.line, hook.name, hook.framework, moment_name(hook.moment));
  }
  for (const auto& read : facts.environment_reads) {
    const char* const state = !read.required ? "unknown" : *read.required ? "required" : "default";
    lines += fmt::format("{} {} {} by {}{}{}\n", read.line, read.variable.value_or("NULL"), state,
                         read.reader.value_or("NULL"), read.sets ? " set" : "",
                         read.condition ? " if " + *read.condition : "");
  }
  for (const auto& call : facts.schema_calls) {
    using facts::code::SchemaCallKind;
    const auto kind = call.kind == SchemaCallKind::create_all ? "makes"
                      : call.kind == SchemaCallKind::drop_all ? "drops"
                                                              : "unknown";
    lines += fmt::format("{} {} {}: {}\n", call.line, kind, call.library.value_or(""), call.callee);
  }
  for (const auto& sign : facts.frameworks) {
    if (sign.evidence != facts::code::FrameworkEvidence::test)
      lines += fmt::format("{} framework {}\n", sign.line, sign.framework);
  }
  if (facts.test_file)
    lines += fmt::format("tests of {}\n",
                         facts.test_file->framework.empty() ? "NULL" : facts.test_file->framework);
  for (const auto& problem : facts.problems) lines += problem + "\n";
  return lines;
}

}  // namespace exitgate::collect::code
