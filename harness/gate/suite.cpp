#include "harness/gate/suite.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/check/database_parts.h"
#include "harness/check/query_validation.h"
#include "harness/config/reader.h"
#include "harness/gate/gate_files.h"
#include "harness/gate/keys.h"
#include "harness/gate/omissions.h"
#include "harness/gate/query_domains.h"
#include "harness/gate/severity.h"
#include "harness/gate/yaml_json.h"
#include "harness/json/json.h"
#include "harness/verdict/subject.h"

namespace exitgate::gate {

namespace {

using config::Reader;

std::vector<std::string> check_names() {
  std::vector<std::string> names;
  for (const auto* check : check::registered_checks()) names.push_back(check->name);
  return names;
}

class Loader {
 public:
  Suite suite;

  explicit Loader(const Included& included, const Profile* profile)
      : included_(included), profile_(profile), omissions_(included, profile) {
    if (profile == nullptr) return;
    suite.profile = profile->name;
    suite.files.push_back({"profile.yaml", profile->content});
  }

  void file(const std::filesystem::path& path, const std::string& shown) {
    std::string content;
    attempt(shown, [&] {
      content = read_file(path);
      suite.files.push_back({file_name(path), content});
    });
    omissions_.in_suite();
    gate_file(shown, content, path.stem().string());
  }

  void included() {
    suite.mistakes.insert(suite.mistakes.end(), included_.mistakes.begin(), included_.mistakes.end());
    for (const auto& one : included_.files) {
      suite.files.push_back({one.sealed, one.content, one.origin, one.include, one.shown});
      current_ = &one;
      omissions_.in_included(one);
      gate_file(one.shown, one.content, std::filesystem::path(one.sealed).stem().string());
    }
    current_ = nullptr;
    omissions_.in_configuration();
    const auto slips = omissions_.unmatched();
    suite.mistakes.insert(suite.mistakes.end(), slips.begin(), slips.end());
  }

  void profile() {
    if (profile_ == nullptr) return;
    const Reader read(profile_->file);
    parameters(read, profile_->parameters);
    labels(read, profile_->labels);
  }

  void configured(const config::Config& config) {
    const Reader read(config.file);
    if (config.bundle) attempt(config.file, [&] { bundle(read, *config.bundle, "", ""); });
    for (const auto& document : config.gates) {
      labels_ = possible_labels(document);
      attempt(config.file, [&] { exit_gate(read, document); });
    }
    parameters(read, config.parameters);
    labels(read, config.labels);
    for (const auto& waiver : config.waivers) {
      if (is_left_out(waiver.gate)) continue;
      labels_ = labels_of_gate(waiver.gate);
      attempt(config.file, [&] {
        yaml::Node at;
        at.line = waiver.line;
        named(read, at, waiver.gate, "a waiver")
            .waivers.push_back({waiver.finding, waiver.reason, waiver.expires, read.where(at)});
      });
    }
    labels_.clear();
    given("evidence-documents", "documents", config.evidence_documents);
    given("test-logs", "logs", config.tests.logs);
    if (config.tests.compatibility) given("release-compatible", "compatibility", Json(true));
  }

  // Which parts of the database stage each gate needs, once its parameters are what they are.
  void complete() {
    for (auto& gate : suite.gates) {
      const auto& check = *check::find_check(gate.check);
      name_domains(gate, check);
      const auto domains = verdict::domains_of(gate, check);
      if (std::none_of(domains.begin(), domains.end(), check::is_of_database_stage)) continue;
      const check::Parameters with(check.parameters, Json::parse(gate.with), gate.name);
      auto parts = check::parts_of(check, with, declared_facts());
      if (!gate.about.empty()) {
        for (auto& part : verdict::parts_of_subject(declared_facts(), gate.about))
          parts.push_back(std::move(part));
      }
      gate.parts = check::in_order(parts);
    }
  }

  void mistake(std::string message, std::string hint) {
    suite.mistakes.push_back({std::move(message), std::move(hint), labels_});
  }

 private:
  using ByGate = std::vector<std::pair<std::string, yaml::Node>>;

  void parameters(const Reader& read, const ByGate& all) {
    for (const auto& [name, with] : all) {
      if (is_left_out(name)) continue;
      labels_ = labels_of_gate(name);
      attempt(read.file(), [&, &name = name, &with = with] {
        auto& gate = named(read, with, name, "parameters");
        auto merged = Json::parse(gate.with);
        merged.update(json_of(with));
        gate.with = checked(read, with, *check::find_check(gate.check), merged, gate.name);
        if (!gate.example.empty() || by_check_.contains(gate.name))
          gate.counterexample = counterexample_of(read, with, gate);
      });
    }
  }

  void labels(const Reader& read, const ByGate& all) {
    for (const auto& [name, labels] : all) {
      if (is_left_out(name)) continue;
      labels_ = labels_of_gate(name);
      labels_.merge(possible_labels(labels));
      attempt(read.file(), [&, &name = name, &labels = labels] {
        auto& gate = named(read, labels, name, "labels");
        for (const auto& item : read.list(labels, fmt::format("the labels of '{}'", name))) {
          label(read, item, gate, read.string(item, "a label"));
        }
      });
    }
  }

  bool is_left_out(const std::string& gate) const {
    return std::any_of(suite.left_out.begin(), suite.left_out.end(),
                       [&](const LeftOut& one) { return one.gate == gate; });
  }

  // Files of two folders may have one name.
  std::string file_name(const std::filesystem::path& path) const {
    const auto name = path.filename().string();
    std::string free = name;
    for (int i = 2; std::any_of(suite.files.begin(), suite.files.end(),
                                [&](const SuiteFile& one) { return one.name == free; });
         ++i)
      free = fmt::format("{}-{}", i, name);
    return free;
  }

  void gate_file(const std::string& shown, const std::string& content, const std::string& stem) {
    const Reader read(shown);
    // Until more is known of it: whoever selects a label that stands in it meets the mistake.
    labels_ = possible_labels(content);
    labels_.merge(possible_labels(stem));
    attempt(shown, [&] {
      const auto document = read.parse(content);
      labels_ = possible_labels(document);
      labels_.merge(possible_labels(stem));
      // A file that only says what belongs to a suite.
      const bool list = document.is_mapping() && document.find("include") != nullptr &&
                        document.find("exit-gate") == nullptr && document.find("gates") == nullptr;
      if (list) {
        read.mapping(document, kGateFile);
      } else {
        exit_gate(read, document);
      }
    });
    labels_.clear();
  }

  // Somebody else's gates run nothing here, unless the include says that they may.
  void require_trust(const Reader& read, const yaml::Node& node, const verdict::Gate& gate,
                     const check::Check& check) const {
    if (current_ == nullptr || current_->trusted) return;
    const auto reads = [&](const char* domain) {
      return std::find(check.domains.begin(), check.domains.end(), domain) != check.domains.end();
    };
    if (!reads("commands") && !reads("answers")) return;
    read.fail(node,
              fmt::format("gate '{}' {}, which an included suite may do only where the include allows it",
                          gate.name, reads("commands") ? "runs a program" : "queries the database"),
              fmt::format("read what it does, then write `commands: true` at {}", current_->include));
  }

  template <typename Action>
  void attempt(const std::string& shown, Action action) {
    try {
      action();
    } catch (const Error& error) {
      const std::string message = error.what();
      mistake(message.rfind(shown, 0) == 0 || message.find(shown) != std::string::npos
                  ? message
                  : fmt::format("{}: {}", shown, message),
              error.hint());
    }
  }

  void exit_gate(const Reader& read, const yaml::Node& root) {
    read.mapping(root, kGateFile);
    const auto& name_node = read.required(root, "a gate file", "exit-gate");
    ExitGate exit_gate{read.string(name_node, "'exit-gate'"),
                       read.string(read.required(root, "a gate file", "title"), "'title'")};
    if (!is_name(exit_gate.name) || exit_gate.name.find('.') != std::string::npos) {
      read.fail(name_node, fmt::format("'{}' is not a valid exit gate name", exit_gate.name),
                "use letters, digits, '-' and '_'");
    }
    const auto [first, fresh] = declared_.emplace(exit_gate.name, read.where(name_node));
    if (!fresh) {
      read.fail(name_node,
                fmt::format("exit gate '{}' is already declared at {}", exit_gate.name, first->second));
    }
    const auto& gates = read.list(read.required(root, "a gate file", "gates"), "'gates'");
    if (gates.empty()) read.fail(root, fmt::format("exit gate '{}' has no gates", exit_gate.name));
    std::vector<const yaml::Node*> asked;
    for (const auto& node : gates) {
      auto left_out = omissions_.left_out(node, exit_gate.name);
      if (left_out) {
        suite.left_out.push_back(std::move(*left_out));
      } else {
        asked.push_back(&node);
      }
    }
    if (asked.empty()) return;
    suite.exit_gates.push_back(exit_gate);
    if (const auto* parts = root.find("bundle"))
      attempt(read.file(), [&] { bundle(read, *parts, exit_gate.name, ""); });
    // One gate's mistake does not hide the next one's.
    for (const auto* node : asked) attempt(read.file(), [&] { gate(read, exit_gate, *node); });
  }

  void gate(const Reader& read, const ExitGate& exit_gate, const yaml::Node& node) {
    read.mapping(node, kGate);
    const auto& id = read.required(node, "a gate", "id");
    verdict::Gate gate;
    gate.name = fmt::format("{}.{}", exit_gate.name, read.string(id, "'id'"));
    if (!is_name(id.text)) {
      read.fail(id, fmt::format("'{}' is not a valid gate id", id.text),
                "use letters, digits, '-', '_' and '.'");
    }
    gate.exit_gate = exit_gate.name;
    gate.exit_gate_title = exit_gate.title;
    gate.where = read.where(id);
    gate.title = read.string(read.required(node, "a gate", "title"), "'title'");
    gate.why = read.string_or(node, "why", "");
    gate.hint = read.string_or(node, "hint", "");
    if (const auto* severity = node.find("severity")) gate.severity = severity_at(read, *severity);
    const auto& check_node = read.required(node, "a gate", "check");
    gate.check = read.string(check_node, "'check'");
    const auto* check = check::find_check(gate.check);
    if (check == nullptr) {
      read.fail(check_node,
                fmt::format("unknown check '{}'{}", gate.check, did_you_mean(gate.check, check_names())),
                "`exitgate explain` lists the checks");
    }
    require_trust(read, check_node, gate, *check);
    const auto* with = node.find("with");
    const yaml::Node nothing;
    if (with != nullptr && !with->is_mapping()) read.fail(*with, "'with' must be a mapping of parameters");
    gate.with = checked(read, with != nullptr ? *with : nothing, *check,
                        with != nullptr ? json_of(*with) : Json::object(), gate.name,
                        with == nullptr ? node.line : 0);
    gate.labels.push_back(exit_gate.name);
    if (const auto* labels = node.find("labels")) {
      for (const auto& item : read.list(*labels, "'labels'"))
        label(read, item, gate, read.string(item, "a label"));
    }
    if (const auto* about = node.find("about")) {
      gate.about = verdict::query_for_subject(read.string(*about, "'about'"));
      gate.about_domains = read_stores(read, *about, gate.about);
    }
    if (const auto* core = node.find("core")) gate.core = read.boolean(*core, "'core'");
    prove(read, node, gate);
    const auto [first, fresh] = ids_.emplace(gate.name, gate.where);
    if (!fresh) read.fail(id, fmt::format("gate '{}' is already declared at {}", gate.name, first->second));
    if (const auto* parts = node.find("bundle")) bundle(read, *parts, exit_gate.name, gate.name);
    suite.gates.push_back(std::move(gate));
  }

  // SQL, an example in the words of the check, the reason why there is none, or what the check makes by itself.
  void prove(const Reader& read, const yaml::Node& node, verdict::Gate& gate) {
    const auto* given = node.find("counterexample");
    if (given != nullptr && !given->is_mapping()) {
      gate.counterexample = read.string(*given, "'counterexample'");
      proven_sql(read, *given, gate.counterexample);
      return;
    }
    if (given != nullptr && given->find("none") != nullptr) {
      read.mapping(*given, kNoCounterexample);
      gate.unproven = read.string(*given->find("none"), "'none'");
      return;
    }
    if (given != nullptr) gate.example = json_of(*given).dump();
    if (given == nullptr) by_check_.insert(gate.name);
    gate.counterexample = counterexample_of(read, given != nullptr ? *given : node, gate);
  }

  std::string counterexample_of(const Reader& read, const yaml::Node& at, const verdict::Gate& gate) {
    const auto& check = *check::find_check(gate.check);
    std::string statements;
    if (check.counterexample != nullptr) {
      try {
        statements =
            check.counterexample(check::Parameters(check.parameters, Json::parse(gate.with), gate.name),
                                 gate.example.empty() ? Json(nullptr) : Json::parse(gate.example));
      } catch (const UsageError& error) {
        read.fail(at, fmt::format("'counterexample': {}", error.what()), error.hint());
      }
    } else if (!gate.example.empty()) {
      read.fail(at, fmt::format("the counterexample of check '{}' must be SQL", gate.check),
                "`exitgate tables` prints the tables; or write {none: why there is none}");
    }
    if (statements.empty()) {
      read.fail(
          at, fmt::format("gate '{}' has no counterexample: nothing would prove that it can fail", gate.name),
          check.counterexample == nullptr
              ? "write SQL that changes the facts in such a way that the gate must fail"
              : fmt::format("give an example that must turn it red; `exitgate explain {}` shows one",
                            gate.check));
    }
    proven_sql(read, at, statements);
    return statements;
  }

  void bundle(const Reader& read, const yaml::Node& node, const std::string& exit_gate,
              const std::string& gate) {
    auto parts = read_bundle(read, node, exit_gate, gate);
    suite.bundle.insert(suite.bundle.end(), std::make_move_iterator(parts.begin()),
                        std::make_move_iterator(parts.end()));
  }

  static void label(const Reader& read, const yaml::Node& at, verdict::Gate& gate, const std::string& text) {
    if (!is_name(text)) {
      read.fail(at, fmt::format("'{}' is not a valid label", text), "use letters, digits, '-', '_' and '.'");
    }
    if (std::find(gate.labels.begin(), gate.labels.end(), text) == gate.labels.end())
      gate.labels.push_back(text);
  }

  // Of a gate that may not exist: its exit gate.
  static Labels labels_of_gate(std::string_view name) {
    return possible_labels(name.substr(0, name.find('.')));
  }

  // The parameters as JSON. Fails at the line of the one that is wrong.
  static std::string checked(const Reader& read, const yaml::Node& with, const check::Check& check,
                             const Json& values, const std::string& gate, int line = 0) {
    try {
      const check::Parameters parameters(check.parameters, values, gate);
      if (check.validate != nullptr) check.validate(parameters);
    } catch (const check::ParameterError& error) {
      yaml::Node at = with;
      if (line > 0) at.line = line;
      for (const auto& [key, value] : with.entries) {
        if (key.text != error.parameter()) continue;
        at = key;
        // A block scalar begins below its key.
        const auto* const placed = dynamic_cast<const check::PlacedError*>(&error);
        if (placed != nullptr && value.quoted && value.text.find('\n') != std::string::npos)
          at.line = value.line + 1 + placed->line();
      }
      std::vector<std::string> known;
      for (const auto& parameter : check.parameters) known.push_back(parameter.name);
      read.fail(at, fmt::format("check '{}': {}", check.name, error.what()),
                !error.hint().empty() ? error.hint()
                : known.empty()       ? "it takes no parameters"
                                      : fmt::format("its parameters are {}", join(known, ", ")));
    }
    return values.dump();
  }

  const facts::Facts& declared_facts() {
    if (!declared_facts_) declared_facts_.emplace(facts::Facts::declared());
    return *declared_facts_;
  }

  // What there is, where SQLite's message is about a name.
  static std::string hint_for(const UsageError& error, const std::string& message, const std::string& sql) {
    const auto hint = check::explained_mistake(message, sql).hint;
    return hint.empty() ? error.hint() : hint;
  }

  // The stores that an `about` reads. Tried on empty tables, as the counterexample is.
  std::vector<std::string> read_stores(const Reader& read, const yaml::Node& at, const std::string& query) {
    try {
      auto stores = declared_facts().check_query(query);
      if (!stores.empty()) return stores;
    } catch (const UsageError& error) {
      read.fail(at, fmt::format("'about' has a mistake: {}", error.what()),
                hint_for(error, error.what(), query));
    }
    read.fail(at, "'about' names no table of facts", "`exitgate tables` prints them");
  }

  // The counterexample against empty tables: a slip in a name is found before anything runs.
  void proven_sql(const Reader& read, const yaml::Node& at, const std::string& statements) {
    try {
      declared_facts().check_statements(statements);
    } catch (const UsageError& error) {
      const std::string message = error.what();
      const std::size_t colon = message.find(": ");
      read.fail(at, message,
                hint_for(error, colon == std::string::npos ? "" : message.substr(colon + 2), statements));
    }
  }

  verdict::Gate& named(const Reader& read, const yaml::Node& at, const std::string& name,
                       std::string_view what) {
    std::vector<std::string> known;
    for (auto& gate : suite.gates) {
      if (gate.name == name) return gate;
      known.push_back(gate.name);
    }
    read.fail(at, fmt::format("{}: unknown gate '{}'{}", what, name, did_you_mean(name, known)),
              "`exitgate gates` lists the gates");
  }

  // What exitgate.yaml declares once reaches each gate of that check, unless the gate says otherwise.
  void given(std::string_view check, const char* parameter, const std::vector<std::string>& values) {
    if (!values.empty()) given(check, parameter, Json(values));
  }
  void given(std::string_view check, const char* parameter, const Json& value) {
    for (auto& gate : suite.gates) {
      if (gate.check != check) continue;
      auto with = Json::parse(gate.with);
      if (!with.contains(parameter)) with[parameter] = value;
      gate.with = with.dump();
    }
  }

  const Included& included_;
  const Profile* profile_;
  const IncludedFile* current_ =
      nullptr;  // that is being read; nullptr: a file of the suite, or exitgate.yaml
  Omissions omissions_;
  std::map<std::string, std::string> declared_;
  std::map<std::string, std::string> ids_;
  std::set<std::string> by_check_;  // gates whose counterexample their check makes of their parameters alone
  std::optional<facts::Facts> declared_facts_;
  Labels labels_;  // of what is being read: of its mistakes, if it has any
};

}  // namespace

Suite load_suite(const std::vector<std::filesystem::path>& paths, const config::Config& config,
                 const Included& included, const Profile* profile) {
  Loader loader(included, profile);
  for (const auto& path : paths) {
    if (!std::filesystem::exists(path)) {
      loader.mistake(fmt::format("{}: no such gate file or folder", path.string()), "see --suite");
      continue;
    }
    const auto files = gate_files(path);
    if (files.empty()) {
      loader.mistake(fmt::format("{}: the folder contains no gate files (*.yaml)", path.string()),
                     "see --suite");
    }
    for (const auto& file : files) loader.file(file, file.string());
  }
  loader.included();
  loader.profile();
  loader.configured(config);
  loader.complete();
  std::sort(loader.suite.left_out.begin(), loader.suite.left_out.end(),
            [](const LeftOut& one, const LeftOut& other) { return one.gate < other.gate; });
  if (loader.suite.gates.empty() && loader.suite.mistakes.empty()) {
    if (profile != nullptr) {
      loader.mistake(fmt::format("the profile '{}' asks none of the suite's gates", profile->name),
                     "leave out --profile, or name another one");
    } else {
      loader.mistake("the suite has no gates", "give --suite a folder of gate files");
    }
  }
  return std::move(loader.suite);
}

}  // namespace exitgate::gate
