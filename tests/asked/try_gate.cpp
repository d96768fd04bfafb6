#include "tests/asked/try_gate.h"

#include <fmt/core.h>

#include <filesystem>
#include <stdexcept>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/check/check.h"
#include "harness/collect/repo/collect.h"
#include "harness/gate/suite.h"
#include "harness/git/repository.h"

namespace exitgate::asked {

namespace {

void git(const std::filesystem::path& root, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(),
                   {"git", "-C", root.string(), "-c", "user.name=t", "-c", "user.email=t@example.org", "-c",
                    "core.autocrlf=false", "-c", "core.symlinks=true"});
  const auto finished = exitgate::run(Command{.arguments = std::move(arguments)});
  if (!finished.ok()) throw std::runtime_error(finished.error);
}

// "link -> target" is a symbolic link, and "tool*" an executable file.
void make_repository(const std::filesystem::path& root, const Files& files) {
  std::filesystem::create_directories(root);
  for (const auto& [name, content] : files) {
    const bool executable = name.ends_with('*');
    const auto arrow = name.find(" -> ");
    const auto path =
        root / name.substr(0, arrow != std::string::npos ? arrow : name.size() - (executable ? 1 : 0));
    std::filesystem::create_directories(path.parent_path());
    if (arrow != std::string::npos) {
      std::filesystem::create_symlink(name.substr(arrow + 4), path);
      continue;
    }
    write_file(path, content);
    if (executable) std::filesystem::permissions(path, std::filesystem::perms(0755));
  }
  git(root, {"init", "-q", "-b", "main"});
  git(root, {"add", "-A"});
  git(root, {"commit", "-q", "--allow-empty", "-m", "x"});
}

gate::Suite suite_of(const std::filesystem::path& folder, const std::string& text) {
  write_file(folder / "own.yaml", text);
  return gate::load_suite({folder / "own.yaml"}, {});
}

std::string shown(const verdict::Verdict& verdict) {
  std::string text(status_name(verdict.status));
  if (!verdict.reason.empty()) text += ": " + verdict.reason;
  if (verdict.turned_red)
    text += *verdict.turned_red ? ", red under its counterexample" : ", green under its counterexample";
  text += "\n";
  for (const auto& one : verdict.findings) {
    const auto& finding = one.finding;
    text += fmt::format("{} {}{}: {}\n", one.undecided ? "?" : "FAIL", finding.file,
                        finding.line > 0 ? fmt::format(":{}", finding.line) : "", finding.message);
  }
  for (const auto& note : verdict.notes) text += fmt::format("note: {}\n", note);
  return text;
}

}  // namespace

std::string gate_file(const std::string& gates) {
  return "exit-gate: EG-OWN\ntitle: Our own\ngates:\n" + gates;
}

std::string mistakes(const std::string& gate_file) {
  const TemporaryDirectory folder;
  std::string text;
  for (const auto& mistake : suite_of(folder.path(), gate_file).mistakes) {
    const auto at = mistake.message.find("own.yaml");
    text += (at == std::string::npos ? mistake.message : mistake.message.substr(at)) + "\n";
    if (!mistake.hint.empty()) text += "  > " + mistake.hint + "\n";
  }
  return text;
}

std::vector<Tried> try_gates(const std::string& gate_file, const Files& files, const std::string& missing) {
  const TemporaryDirectory folder;
  const auto suite = suite_of(folder.path(), gate_file);
  if (!suite.mistakes.empty())
    throw std::runtime_error(suite.mistakes.front().message + "\n" + suite.mistakes.front().hint);
  make_repository(folder.path() / "repo", files);
  const auto repository = git::Repository::open(folder.path() / "repo");
  const auto commit = repository.resolve_commit("HEAD");
  const collect::Checkout checkout{repository, commit, repository.tree(commit)};
  for (const auto& entry : checkout.tree) {
    if (entry.path != missing) continue;
    std::filesystem::remove(folder.path() / "repo/.git/objects" / entry.oid.substr(0, 2) /
                            entry.oid.substr(2));
  }
  std::vector<collect::AskedRequest> requests;
  for (const auto& gate : suite.gates) requests.push_back({gate.name, gate.check, gate.with, gate.example});
  collect::collect_asked(checkout, requests, folder.path() / "facts");
  collect::collect_repo(checkout, folder.path() / "facts");
  // What is replayed has no repository.
  std::filesystem::remove_all(folder.path() / "repo");
  std::vector<Tried> all;
  for (const auto& gate : suite.gates) {
    auto verdict =
        verdict::evaluate(gate, *check::find_check(gate.check), {folder.path() / "facts", "2026-11-27"});
    auto said = shown(verdict);
    all.push_back({std::move(verdict), std::move(said)});
  }
  return all;
}

std::string try_gate(const std::string& gate, const Files& files) {
  return try_gates(gate_file(gate), files).front().said;
}

}  // namespace exitgate::asked
