#include "harness/sensitivity/measure.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/census/census.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"
#include "harness/record/run_record.h"
#include "harness/verdict/verdict.h"

namespace exitgate::sensitivity {

namespace {

// All that the census has to say of a table, in one text to compare.
std::string census_of(const facts::Facts& facts, const std::string& table) {
  check::Report report;
  try {
    census::reconcile(facts, {table}, report);
  } catch (const std::exception& error) {
    return error.what();
  }
  std::string text;
  for (const auto& one : report.undecided_findings()) text += one.key + one.message + "\n";
  return text;
}

struct Answer {
  std::string text;  // all that counts, in one text to compare
  bool judged = false;
};

Answer answer_of(const check::Check& check, const check::Parameters& with, const facts::Facts& facts) {
  try {
    check::Report report;
    check.run(facts, with, report);
    Answer answer;
    answer.judged = !report.skipped() && (!report.findings().empty() || report.undecided_findings().empty());
    answer.text = fmt::format("{}\n{}\n", report.skipped().value_or("-"), report.examined_count());
    for (const auto* findings : {&report.findings(), &report.undecided_findings()}) {
      for (const auto& one : *findings)
        answer.text += fmt::format("{}\n{}\n{}\n", one.key, one.file, one.message);
      answer.text += "--\n";
    }
    return answer;
  } catch (const std::exception& error) {
    return {fmt::format("error: {}", error.what()), false};
  }
}

// A gate that is evaluated again and again.
struct Subject {
  const check::Check* check;
  std::unique_ptr<check::Parameters> with;
  facts::Reads reads;
  Answer before;
  GateResult result;

  bool reads_of(const Change& change) const {
    // A row that comes or goes is seen by whoever reads the table; a value only by who reads the column.
    const bool column = change.kind == Kind::alter;
    const auto first =
        reads.lower_bound({change.domain, change.table, column ? change.column : std::string()});
    return first != reads.end() && first->domain == change.domain && first->table == change.table &&
           (!column || first->column == change.column);
  }
};

std::vector<std::string> stores_in(const std::filesystem::path& folder) {
  std::vector<std::string> domains;
  for (const auto& declared : facts::declarations()) {
    if (std::filesystem::exists(folder / (declared.domain + ".db"))) domains.push_back(declared.domain);
  }
  return domains;
}

std::vector<Subject> subjects_of(const record::RunDirectory& run, const record::RunRecord& record,
                                 const FindCheck& find, const facts::Facts& facts) {
  std::vector<Subject> subjects;
  for (const auto& name : record.gates) {
    if (!std::filesystem::exists(run.verdict(name))) continue;
    // Without an answer on the facts as they are, there is none to compare with; and a check that crashed or took too
    // long would do so here.
    const auto verdict = Json::try_parse(read_file(run.verdict(name))).value_or(Json::object());
    if (verdict.text_or("status") == "error" && !verdict.text_or("reason").empty()) continue;
    const verdict::Gate gate = verdict::gate_from_json(Json::parse(read_file(run.gate(name))));
    const check::Check* const check = find(gate.check);
    if (check == nullptr || !std::all_of(check->domains.begin(), check->domains.end(),
                                         [&](const auto& domain) { return facts.has(domain); })) {
      continue;
    }
    Subject subject{
        check, std::make_unique<check::Parameters>(check->parameters, Json::parse(gate.with)), {}, {}, {}};
    subject.result.gate = name;
    facts.record_reads(&subject.reads);
    subject.before = answer_of(*check, *subject.with, facts);
    facts.record_reads(nullptr);
    subject.result.judged = subject.before.judged;
    subjects.push_back(std::move(subject));
  }
  return subjects;
}

std::vector<std::string> unread_of(const facts::Facts& facts, const facts::Reads& reads) {
  std::vector<std::string> unread;
  for (const facts::TableInfo* info : facts::table_infos()) {
    if (!is_of_target(info->domain, info->name) || !facts.has(info->domain)) continue;
    const auto name = fmt::format("{}.{}", info->domain, info->name);
    std::int64_t rows = 0;
    try {
      rows = facts.integer(fmt::format("SELECT count(*) FROM {}", name)).value_or(0);
    } catch (const Undecided&) {
      continue;  // facts of an older schema
    }
    if (rows == 0) continue;
    const std::string domain(info->domain);
    const std::string table(info->name);
    const auto first = reads.lower_bound({domain, table, ""});
    if (first == reads.end() || first->domain != domain || first->table != table) {
      unread.push_back(name);
      continue;
    }
    for (std::size_t i = 0; i < info->column_count; ++i) {
      const std::string column(info->columns[i].name);
      if (!reads.contains({domain, table, column})) unread.push_back(fmt::format("{}.{}", name, column));
    }
  }
  return unread;
}

using Clock = std::chrono::steady_clock;

// The gates that notice the change; nullopt for a change that the facts do not take, a second row of one key for
// instance. After `deadline` only gates that have noticed nothing yet are asked.
std::optional<ChangeResult> attempt(const facts::Facts& copy, std::vector<Subject>& subjects, Change change,
                                    Clock::time_point deadline, bool& out_of_time) {
  const auto before = census_of(copy, change.table_name());
  try {
    if (copy.change(change.statement) == 0) {
      copy.undo();
      return std::nullopt;
    }
  } catch (const Error&) {
    return std::nullopt;
  }
  ChangeResult result{std::move(change), {}, false};
  bool all_tried = true;
  for (auto& subject : subjects) {
    if (!subject.reads_of(result.change)) continue;
    if (subject.result.noticed > 0 && Clock::now() > deadline) {
      out_of_time = true;
      all_tried = false;
      continue;
    }
    ++subject.result.tried;
    if (answer_of(*subject.check, *subject.with, copy).text == subject.before.text) continue;
    ++subject.result.noticed;
    result.noticed_by.push_back(subject.result.gate);
  }
  result.missed_by_census = census_of(copy, result.change.table_name()) != before;
  copy.undo();
  // That nobody notices it can only be said when all were asked.
  if (!all_tried && !result.is_noticed()) return std::nullopt;
  return result;
}

}  // namespace

std::size_t Sensitivity::noticed() const {
  return static_cast<std::size_t>(std::count_if(changes.begin(), changes.end(),
                                                [](const ChangeResult& one) { return one.is_noticed(); }));
}

std::size_t Sensitivity::by_census_alone() const {
  return static_cast<std::size_t>(std::count_if(changes.begin(), changes.end(), [](const ChangeResult& one) {
    return one.missed_by_census && one.noticed_by.empty();
  }));
}

Sensitivity measure(const record::RunDirectory& run, const FindCheck& find, const Budget& budget) {
  const auto started = Clock::now();
  const auto record = record::read_record(run);
  const facts::Facts stores(run.facts().string(), stores_in(run.facts()));
  const facts::Facts copy = stores.copy();
  auto subjects = subjects_of(run, record, find, copy);
  facts::Reads reads;
  for (const auto& subject : subjects) reads.insert(subject.reads.begin(), subject.reads.end());

  Sensitivity measured;
  measured.seed = record.commit;
  measured.unread = unread_of(copy, reads);
  auto changes = planned_changes(copy, reads, record.commit, budget.changes);
  measured.planned = changes.size();
  for (auto& change : changes) {
    if (change.kind == Kind::empty) {
      for (auto& subject : subjects) {
        if (subject.reads_of(change)) subject.result.tables.push_back(change.table_name());
      }
    } else if (Clock::now() - started > budget.time) {
      measured.out_of_time = true;
      break;
    }
    const auto deadline = started + std::max(budget.time, budget.emptying);
    if (auto tried = attempt(copy, subjects, std::move(change), deadline, measured.out_of_time))
      measured.changes.push_back(std::move(*tried));
  }
  for (auto& subject : subjects) measured.gates.push_back(std::move(subject.result));
  return measured;
}

}  // namespace exitgate::sensitivity
