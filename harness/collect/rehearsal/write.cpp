#include "harness/collect/rehearsal/write.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/facts/store.h"

namespace exitgate::collect::rehearsal {

namespace {

namespace facts = exitgate::facts::rehearsal;

constexpr std::size_t kLongestText = 300;

std::optional<std::string> or_null(std::string text) {
  if (text.empty()) return std::nullopt;
  return text;
}

// White space as one blank, cut at a character.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool space = static_cast<unsigned char>(c) <= ' ';
    if (!space) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  line = trim(line);
  if (line.size() <= kLongestText) return line;
  constexpr std::string_view kMore = "…";
  line.resize(kLongestText - kMore.size());
  while (const auto broken = invalid_utf8(line)) line.resize(*broken);
  return line + std::string(kMore);
}

class Writer {
 public:
  Writer(facts::Upgrade& upgrade, const Findings& findings, exitgate::facts::Store& store)
      : findings_(findings), store_(store) {
    store_.insert(upgrade);
  }

  void steps() {
    std::int64_t position = 0;
    for (const auto& [phase, result] : findings_.steps) {
      store_.insert(
          facts::Step{.position = position++,
                      .phase = phase,
                      .command = result.command,
                      .revision = or_null(result.ok() ? "" : schema::failing_revision(result.output)),
                      .exit_code = result.exit_code,
                      .outcome = result.outcome,
                      .duration_ms = result.duration_ms,
                      .reason = result.ok() ? std::nullopt : or_null(error_of(result)),
                      .file = or_null(result.file),
                      .line = result.file.empty() ? std::nullopt : std::optional<std::int64_t>(result.line)});
    }
  }

  void filled() {
    for (const auto& one : findings_.filled) {
      store_.insert(facts::Filled{.relation = one.relation, .rows = one.rows, .reason = or_null(one.reason)});
      if (!one.note.empty()) problem({"rows of " + one.relation, one.note});
    }
  }

  void statements() {
    for (std::size_t at = 0; at < findings_.statements.size(); ++at) statement(at);
  }

  void losses() {
    for (const auto& loss : findings_.losses) store_.insert(loss);
  }

  void differences() {
    for (const auto& one : findings_.differences) {
      store_.insert(facts::Difference{.change = change(one.change),
                                      .kind = one.kind,
                                      .identity = one.identity,
                                      .before = or_null(one.before),
                                      .after = or_null(one.after)});
    }
  }

  void waited() {
    for (const auto& one : findings_.waited) {
      store_.insert(facts::Traffic{
          .session = one.writer ? facts::TrafficSession::writer : facts::TrafficSession::reader,
          .relation = one.relation,
          .transactions = one.transactions,
          .longest_wait_us = one.longest_us,
          .problem = or_null(one.problem)});
    }
  }

  void problems() {
    for (const auto& one : findings_.problems) problem(one);
  }

 private:
  void problem(const Problem& one) {
    store_.insert(facts::Problem{.subject = one.subject, .reason = one.reason, .hint = or_null(one.hint)});
  }

  void statement(std::size_t at) {
    const auto& [phase, seen, place] = findings_.statements[at];
    const Revision* const revision = place.revision ? &findings_.revisions[*place.revision] : nullptr;
    const auto position = static_cast<std::int64_t>(at);
    store_.insert(
        facts::Statement{.position = position,
                         .phase = phase,
                         .revision = revision == nullptr ? std::nullopt : or_null(revision->id),
                         .file = revision == nullptr ? std::nullopt : or_null(revision->file),
                         .line = place.line == 0 ? std::nullopt : std::optional<std::int64_t>(place.line),
                         .command = seen.command,
                         .text = in_one_line(seen.text),
                         .transactional = seen.transactional,
                         .duration_us = seen.duration_us,
                         .outcome = in_one_line(seen.outcome),
                         .lock_timeout_ms = seen.lock_timeout_ms,
                         .statement_timeout_ms = seen.statement_timeout_ms});
    for (const auto& lock : seen.locks) {
      const auto blocks = facts::lock_blocks_from(lock.blocks);
      store_.insert(facts::Lock{.statement = position,
                                .relation = lock.relation,
                                .kind = lock.kind,
                                .mode = lock.mode,
                                .blocks = blocks.value_or(facts::LockBlocks::nothing),
                                .of_base = of_base(lock.oid),
                                .held_us = lock.held_us});
    }
    for (const auto& pass : seen.passes) {
      const auto kind = facts::pass_kind_from(pass.kind);
      if (!kind) continue;
      store_.insert(facts::Pass{.statement = position,
                                .relation = pass.relation,
                                .kind = *kind,
                                .reason = or_null(pass.reason),
                                .of_base = of_base(pass.oid)});
    }
  }

  bool of_base(observe::Oid oid) const {
    return std::binary_search(findings_.of_base.begin(), findings_.of_base.end(), oid);
  }

  static facts::DifferenceChange change(schema::Change change) {
    switch (change) {
      case schema::Change::added:
        return facts::DifferenceChange::added;
      case schema::Change::removed:
        return facts::DifferenceChange::removed;
      case schema::Change::changed:
        break;
    }
    return facts::DifferenceChange::changed;
  }

  const Findings& findings_;
  exitgate::facts::Store& store_;
};

}  // namespace

void write(const Findings& findings, const std::filesystem::path& folder) {
  exitgate::facts::Store store(folder, "rehearsal");
  facts::Upgrade upgrade{.outcome = findings.outcome,
                         .reason = or_null(findings.reason),
                         .hint = or_null(findings.hint),
                         .base = or_null(findings.base),
                         .reference = or_null(findings.reference),
                         .revisions = static_cast<std::int64_t>(findings.revisions.size()),
                         .seed = findings.seed,
                         .traffic = findings.traffic,
                         .duration_ms = findings.duration_ms};
  Writer writer(upgrade, findings, store);
  writer.steps();
  writer.filled();
  writer.statements();
  writer.losses();
  writer.differences();
  writer.waited();
  writer.problems();
  store.close();
}

}  // namespace exitgate::collect::rehearsal
