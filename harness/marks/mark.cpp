#include "harness/marks/mark.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/json/json.h"
#include "harness/marks/mark_file.h"
#include "harness/marks/owner.h"

namespace exitgate::marks {

namespace {

std::filesystem::path path_of(const record::RunDirectory& run, const Mark& mark, const char* extension) {
  return run.marks() / fmt::format("{}.{}.{}", mark.test, mark.attempt, extension);
}

std::string json_of(const Mark& mark) {
  Json json = {{"test", mark.test},
               {"run", mark.run},
               {"attempt", mark.attempt},
               {"process", static_cast<std::int64_t>(::getpid())},
               {"timeout_seconds", mark.timeout_seconds},
               {"began_at", mark.began_at},
               {"began_ns", mark.began_ns}};
  if (mark.ended) {
    json.update({{"ended_at", utc_now()},
                 {"duration_ms", mark.duration_ms},
                 {"exit_code", mark.exit_code},
                 {"failed", mark.failed},
                 {"fault", mark.fault}});
  }
  return json.dump() + "\n";
}

// "EG-CG1.retention.1" is the first attempt of EG-CG1.retention.
std::optional<Mark> named(const std::string& stem) {
  const auto dot = stem.rfind('.');
  if (dot == std::string::npos || dot + 1 == stem.size()) return std::nullopt;
  Mark mark;
  mark.test = stem.substr(0, dot);
  const std::string number = stem.substr(dot + 1);
  if (number.size() > 6 || number.find_first_not_of("0123456789") != std::string::npos) return std::nullopt;
  mark.attempt = std::stoi(number);
  return mark;
}

void read_content(const std::filesystem::path& path, Mark& mark) {
  const auto json = Json::try_parse(read_file(path)).value_or(Json::object());
  mark.run = json.text_or("run");
  mark.timeout_seconds = static_cast<int>(json.integer_or("timeout_seconds", 0));
  mark.began_at = json.text_or("began_at");
  mark.began_ns = json.integer_or("began_ns", 0);
  mark.ended = json.contains("ended_at");
  mark.duration_ms = json.integer_or("duration_ms", 0);
  mark.exit_code = static_cast<int>(json.integer_or("exit_code", static_cast<int>(Exit::undecided)));
  mark.failed = json.boolean_or("failed", true);
  mark.fault = json.text_or("fault");
}

}  // namespace

std::string Mark::fault_text() const {
  return ended ? fault : "was killed before it ended";
}

Mark begin_mark(const record::RunDirectory& run, const Task& task) {
  Mark mark;
  mark.test = task.test;
  mark.run = task.run;
  mark.timeout_seconds = task.timeout_seconds;
  mark.began_at = utc_now();
  mark.began_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
                      std::chrono::system_clock::now().time_since_epoch())
                      .count();
  make_directories(run.marks());
  for (;; ++mark.attempt) {
    const auto path = path_of(run, mark, "json");
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0 && errno == EEXIST) continue;
    const std::string text = json_of(mark);
    const bool written =
        file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
    const int reason = errno;
    if (file >= 0) ::close(file);
    if (!written) throw Undecided(fmt::format("cannot write {}: {}", path.string(), std::strerror(reason)));
    return mark;
  }
}

void end_mark(const record::RunDirectory& run, const Mark& mark) {
  write_file(path_of(run, mark, "json"), json_of(mark));
}

int open_output(const record::RunDirectory& run, const Mark& mark) {
  const auto path = path_of(run, mark, "out");
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (file < 0) throw Undecided(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)));
  return file;
}

std::vector<Mark> read_marks(const record::RunDirectory& run) {
  std::vector<Mark> marks;
  std::error_code none;
  for (std::filesystem::directory_iterator at(run.marks(), none), end; !none && at != end;
       at.increment(none)) {
    if (at->path().extension() != ".json") continue;
    if (auto mark = named(at->path().stem().string())) {
      read_content(at->path(), *mark);
      marks.push_back(std::move(*mark));
    }
  }
  std::sort(marks.begin(), marks.end(), [](const Mark& a, const Mark& b) {
    return std::tie(a.began_ns, a.test, a.attempt) < std::tie(b.began_ns, b.test, b.attempt);
  });
  return marks;
}

std::vector<Mark> read_marks(const record::RunDirectory& run, const std::string& test) {
  std::vector<Mark> marks;
  Mark mark;
  mark.test = test;
  for (; std::filesystem::exists(path_of(run, mark, "json")); ++mark.attempt) {
    marks.push_back(mark);
    read_content(path_of(run, mark, "json"), marks.back());
  }
  return marks;
}

const Mark* last_attempt(const std::vector<Mark>& marks, const std::string& test) {
  const Mark* last = nullptr;
  for (const auto& mark : marks) {
    if (mark.test == test && (last == nullptr || mark.attempt > last->attempt)) last = &mark;
  }
  return last;
}

void expect_tests(const record::RunDirectory& run, const std::vector<std::string>& tests) {
  const auto owner = owner_of(run);
  if (!owner) return;
  write_file(run.control() / "expected.json",
             Json{{"owner", owner->process.name()}, {"tests", tests}}.dump() + "\n");
}

std::vector<std::string> expected_tests(const record::RunDirectory& run) {
  const auto file = run.control() / "expected.json";
  const auto owner = owner_of(run);
  if (!owner || !std::filesystem::exists(file)) return {};
  const auto json = Json::try_parse(read_file(file)).value_or(Json::object());
  if (json.text_or("owner") != owner->process.name() || !json.contains("tests")) return {};
  return json.at("tests").strings();
}

std::string output_of(const record::RunDirectory& run, const Mark& mark) {
  const auto path = path_of(run, mark, "out");
  return std::filesystem::exists(path) ? read_file(path) : "";
}

std::string message_in(std::string_view output) {
  constexpr std::string_view kPrefix = "exitgate: ";  // of every message of the program
  constexpr std::string_view kHint = "  > ";
  std::string message;
  std::string hint;
  for (const auto& line : split(output, '\n')) {
    if (message.empty() && !trim(line).empty()) {
      message = line.starts_with(kPrefix) ? line.substr(kPrefix.size()) : line;
    } else if (hint.empty() && line.starts_with(kHint)) {
      hint = line.substr(kHint.size());
    }
  }
  return hint.empty() ? message : fmt::format("{} ({})", message, hint);
}

std::string problem_of_stage(const record::RunDirectory& run, const std::vector<Mark>& marks,
                             const std::string& stage) {
  const Mark* const last = last_attempt(marks, stage);
  if (last == nullptr) return fmt::format("{} did not run (was it left out by -FS or -FA?)", stage);
  if (const auto fault = last->fault_text(); !fault.empty()) return fmt::format("{} {}", stage, fault);
  if (!last->failed) return "";
  const auto message = message_in(output_of(run, *last));
  return fmt::format(
      "{} failed: {}", stage,
      message.empty() ? fmt::format("exit code {}, without a message", last->exit_code) : message);
}

std::string problem_of_stages(const record::RunDirectory& run, const std::vector<std::string>& stages) {
  for (const auto& stage : stages) {
    if (auto problem = problem_of_stage(run, read_marks(run, stage), stage); !problem.empty()) return problem;
  }
  return "";
}

}  // namespace exitgate::marks
