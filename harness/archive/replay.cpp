#include "harness/archive/replay.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/check/program.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_record.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

bool was_made_by(const record::RunRecord& record, const std::string& build) {
  const std::string version = record.version_of("exitgate");
  return build.empty() || version.empty() || version == build;
}

// Each finding as id, and what is said of it.
std::multimap<std::string, std::string> found(const verdict::Verdict& verdict, bool words) {
  std::multimap<std::string, std::string> all;
  for (const auto& one : verdict.findings) {
    const auto& finding = one.finding;
    all.emplace(one.id, fmt::format("{} at {}:{} ({}){}", one.waived ? "waived" : "found", finding.file,
                                    finding.line, one.blob, words ? ": " + finding.message : ""));
  }
  return all;
}

std::string turned(const verdict::Verdict& verdict) {
  return !verdict.turned_red ? "not tried" : *verdict.turned_red ? "turned red" : "stayed green";
}

// By a check that is a program of its own. It is given the run and writes nothing.
verdict::Verdict evaluate_by_program(const record::RunDirectory& run, const verdict::Gate& gate,
                                     const check::Check& check) {
  const auto said = exitgate::run(
      {.arguments = {check::program_of(check).string(), "--evaluate", run.root.string(), gate.name},
       .limit = std::chrono::seconds(120)});
  if (said.ok()) return verdict::verdict_from_json(Json::parse(said.output));
  auto verdict = verdict::undecided_verdict(gate);
  verdict.reason =
      fmt::format("{}: {} {}", check::program_of(check).string(), said.outcome(), trim(said.error));
  return verdict;
}

Replayed evaluate_all(const record::RunDirectory& run, const FindCheck& find, const std::string& build) {
  Replayed replayed;
  const auto record = record::parse_record(read_file(run.run()));
  const verdict::Evaluation evaluation{run.facts(), record.day()};
  const bool words = was_made_by(record, build);
  std::vector<fs::path> gates;
  for (const auto& entry : fs::directory_iterator(run.gates())) gates.push_back(entry.path());
  std::sort(gates.begin(), gates.end());
  for (const auto& file : gates) {
    const std::string name = file.stem().string();
    const verdict::Gate gate =
        verdict::gate_from_json(parse_strict(read_file(file), "suite/gates/" + file.filename().string()));
    if (gate.name != name) {
      replayed.differences.push_back(fmt::format("{}: the gate in the file is called '{}'", name, gate.name));
      continue;
    }
    if (!fs::exists(run.verdict(name))) {
      ++replayed.not_evaluated;
      continue;
    }
    const verdict::Verdict sealed =
        verdict::verdict_from_json(parse_strict(read_file(run.verdict(name)), "verdicts/" + name + ".json"));
    ++replayed.gates;
    const check::Check* const check = find(gate.check);
    if (check == nullptr && fs::exists(run.own_check(gate.check))) {
      replayed.not_replayed.push_back(fmt::format(
          "{}: not replayed: the check '{}' is not part of exitgate; give the folder of its executable "
          "with --checks",
          name, gate.check));
      continue;
    }
    if (check == nullptr) {
      replayed.differences.push_back(fmt::format("{}: this build has no check '{}'", name, gate.check));
      continue;
    }
    const verdict::Verdict again = check::program_of(*check).empty() ? evaluate(gate, *check, evaluation)
                                                                     : evaluate_by_program(run, gate, *check);
    if (!again.schema_mismatch.empty()) {
      replayed.not_replayed.push_back(fmt::format("{}: not replayed: {}", name, again.schema_mismatch));
      continue;
    }
    const std::string difference = verdict_difference(sealed, again, words);
    if (difference.empty()) {
      ++replayed.same;
    } else {
      replayed.differences.push_back(fmt::format("{}: {}", name, difference));
    }
  }
  // A verdict without a gate was evaluated by nobody.
  if (fs::exists(run.verdicts())) {
    std::vector<std::string> without_gate;
    for (const auto& entry : fs::directory_iterator(run.verdicts())) {
      const std::string name = entry.path().stem().string();
      if (!fs::exists(run.gate(name)))
        without_gate.push_back(fmt::format("{}: a verdict without a gate in the suite", name));
    }
    std::sort(without_gate.begin(), without_gate.end());
    replayed.differences.insert(replayed.differences.end(), without_gate.begin(), without_gate.end());
  }
  return replayed;
}

// In the child: the answer as JSON.
std::string answer(const record::RunDirectory& run, const FindCheck& find, const std::string& build) {
  Json result;
  try {
    const Replayed replayed = evaluate_all(run, find, build);
    result = {{"gates", replayed.gates},
              {"same", replayed.same},
              {"not_evaluated", replayed.not_evaluated},
              {"not_replayed", replayed.not_replayed},
              {"differences", replayed.differences}};
  } catch (const std::exception& problem) {
    result = {{"error", problem.what()}};
  }
  return result.dump();
}

[[noreturn]] void child(int out, const record::RunDirectory& run, const FindCheck& find,
                        const std::string& build, std::chrono::seconds limit) {
  ::alarm(static_cast<unsigned>(limit.count()) + 1);
  const struct rlimit processor { static_cast<rlim_t>(limit.count()), static_cast<rlim_t>(limit.count()) };
  ::setrlimit(RLIMIT_CPU, &processor);
#if !defined(EXITGATE_SANITIZED)  // whose shadow memory is larger than any limit
  const struct rlimit memory { 4ULL << 30, 4ULL << 30 };
  ::setrlimit(RLIMIT_AS, &memory);
#endif
  const std::string text = answer(run, find, build);
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t put = ::write(out, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) ::_exit(1);
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  ::_exit(0);
}

}  // namespace

std::string verdict_difference(const verdict::Verdict& sealed, const verdict::Verdict& replayed, bool words) {
  std::vector<std::string> differences;
  if (sealed.status != replayed.status) {
    const std::string why = replayed.reason.empty() ? "" : fmt::format(" ({})", replayed.reason);
    differences.push_back(fmt::format("sealed {}, replayed {}{}", verdict::status_name(sealed.status),
                                      verdict::status_name(replayed.status), why));
  }
  if (sealed.waived != replayed.waived) differences.emplace_back("waived by one and not by the other");
  if (sealed.not_applicable != replayed.not_applicable)
    differences.emplace_back("applies to one and not to the other");
  if (sealed.examined != replayed.examined) {
    differences.push_back(fmt::format("sealed {} examined, replayed {}", sealed.examined, replayed.examined));
  }
  const auto before = found(sealed, words);
  const auto after = found(replayed, words);
  for (const auto& [id, state] : before) {
    const auto same = after.find(id);
    if (same == after.end() || before.count(id) > after.count(id)) {
      differences.push_back(fmt::format("finding {} is sealed and not replayed", id));
    } else if (before.count(id) == 1 && same->second != state) {
      differences.push_back(
          fmt::format("finding {} is sealed as {} and replayed as {}", id, state, same->second));
    }
  }
  for (const auto& [id, state] : after) {
    if (before.count(id) < after.count(id))
      differences.push_back(fmt::format("finding {} is replayed and not sealed", id));
  }
  if (sealed.turned_red != replayed.turned_red) {
    differences.push_back(fmt::format("its counterexample is sealed as {} and replayed as {}", turned(sealed),
                                      turned(replayed)));
  }
  return join(differences, "; ");
}

Replayed replay(const fs::path& root, const FindCheck& find, const std::string& build,
                std::chrono::seconds limit) {
  const record::RunDirectory run{root};
  if (!fs::exists(run.run())) throw VerificationError("run.json is missing: nothing says when the run was");
  if (!fs::exists(run.gates())) throw VerificationError("suite/gates is missing: there is nothing to replay");
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Undecided(fmt::format("cannot replay: {}", std::strerror(errno)));
  const pid_t pid = ::fork();
  if (pid < 0) throw Undecided(fmt::format("cannot replay: {}", std::strerror(errno)));
  if (pid == 0) child(ends[1], run, find, build, limit);
  ::close(ends[1]);
  std::string text;
  char buffer[1 << 14];
  const auto deadline = std::chrono::steady_clock::now() + limit;
  bool late = false;
  for (;;) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd polled{ends[0], POLLIN, 0};
    if (left.count() <= 0 || ::poll(&polled, 1, static_cast<int>(left.count())) == 0) {
      late = true;
      break;
    }
    const ssize_t got = ::read(ends[0], buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  if (late) ::kill(pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (late) throw VerificationError(fmt::format("the replay has no end within {} s", limit.count()));
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw VerificationError(WIFSIGNALED(status) ? fmt::format("the replay was ended by signal {} ({})",
                                                              WTERMSIG(status), ::strsignal(WTERMSIG(status)))
                                                : "the replay broke off");
  }
  const auto result = Json::parse(text);
  if (result.contains("error")) throw VerificationError(result.at("error").text());
  Replayed replayed;
  const auto count = [&](std::string_view key) { return static_cast<std::size_t>(result.at(key).integer()); };
  replayed.gates = count("gates");
  replayed.same = count("same");
  replayed.not_evaluated = count("not_evaluated");
  replayed.not_replayed = result.at("not_replayed").strings();
  replayed.differences = result.at("differences").strings();
  return replayed;
}

}  // namespace exitgate::archive
