#include "harness/collect/ci/command_values.h"

#include <algorithm>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/collect/ci/reference.h"
#include "harness/json/json.h"

namespace exitgate::collect::ci {

namespace {

constexpr std::size_t kMostRows = 40;
constexpr std::size_t kLongest = 400;  // of a value

// Scalars below a node: "matrix.tests.command".
void add_scalars(const yaml::Node& node, const std::string& name, Values& values, int depth = 0) {
  if (node.is_scalar()) {
    if (!node.is_null() && node.text.size() <= kLongest) values[name] = node.text;
  } else if (node.is_mapping() && depth < 3) {
    for (const auto& entry : node.entries)
      add_scalars(entry.value, name + "." + entry.key.text, values, depth + 1);
  }
}

std::vector<Values> matrix_rows(const yaml::Node* matrix) {
  std::vector<Values> rows;
  if (matrix == nullptr || !matrix->is_mapping()) return rows;
  for (const auto& entry : matrix->entries) {
    if (entry.key.text == "exclude" || !entry.value.is_sequence()) continue;
    for (const auto& item : entry.value.items) {
      if (rows.size() >= kMostRows) return rows;
      Values& row = rows.emplace_back();
      if (entry.key.text != "include") {
        add_scalars(item, "matrix." + entry.key.text, row);
        continue;
      }
      for (const auto& one : item.entries) add_scalars(one.value, "matrix." + one.key.text, row);
    }
  }
  return rows;
}

void add_environment(const yaml::Node* environment, Values& values) {
  if (environment == nullptr) return;
  for (const auto& entry : environment->entries) add_scalars(entry.value, "env." + entry.key.text, values);
}

const std::string* find(const Values& values, const std::string& name) {
  const auto found = values.find(name);
  return found == values.end() ? nullptr : &found->second;
}

}  // namespace

std::string filled(const std::string& text, const Values& values) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    const std::string* value = nullptr;
    if (text.compare(at, 3, "${{") == 0) {
      end = text.find("}}", at);
      if (end != std::string::npos) {
        value = find(values, std::string(trim(std::string_view(text).substr(at + 3, end - at - 3))));
        end += 2;
      }
    } else if (text[at] == '$' && at + 1 < text.size()) {
      const bool brace = text[at + 1] == '{';
      end = at + (brace ? 2 : 1);
      const auto begin = end;
      while (end < text.size() && is_word_char(text[end])) ++end;
      if (end > begin && (!brace || (end < text.size() && text[end] == '}'))) {
        value = find(values, "env." + text.substr(begin, end - begin));
        if (brace) ++end;
      }
    }
    if (value != nullptr) {
      // Within one line, as the place that it is put in.
      std::string_view rest = trim(*value);
      for (bool first = true; !rest.empty(); first = false) {
        const auto line = rest.substr(0, rest.find('\n'));
        if (!trim(line).empty()) result += (first ? "" : "; ") + std::string(trim(line));
        rest = rest.substr(std::min(line.size() + 1, rest.size()));
      }
      at = end;
    } else {
      result += text[at++];
    }
  }
  return result;
}

std::vector<Values> values_of(const Workflow& workflow, const Job& job, const Step& step) {
  auto rows = matrix_rows(job.matrix);
  if (rows.empty()) rows.emplace_back();
  Values environment;
  if (workflow.root != nullptr) add_environment(workflow.root->find("env"), environment);
  add_environment(job.environment, environment);
  if (step.environment) {
    if (const auto own = Json::try_parse(*step.environment)) {
      for (const auto& [name, value] : own->members()) {
        if (value.is_string() && value.text().size() <= kLongest) environment["env." + name] = value.text();
      }
    }
  }
  for (Values& row : rows) {
    for (const auto& [name, value] : environment) row[name] = filled(value, row);
  }
  return rows;
}

std::map<std::string, std::vector<Values>> inputs_of(const Model& model) {
  constexpr std::size_t kMostCalls = 40;
  std::map<std::string, std::vector<Values>> inputs;
  const auto add = [&](const std::string& callee, const Values& given) {
    auto& calls = inputs[callee];
    if (calls.size() < kMostCalls && std::find(calls.begin(), calls.end(), given) == calls.end())
      calls.push_back(given);
  };
  const auto defaults_of = [](const std::vector<Input>& declared) {
    Values values;
    for (const Input& input : declared) {
      if (input.default_value != nullptr) add_scalars(*input.default_value, "inputs." + input.name, values);
    }
    return values;
  };
  std::map<std::string, Values> defaults;
  for (const Action& action : model.actions) defaults[action.path] = defaults_of(action.inputs);
  for (const Workflow& workflow : model.workflows) defaults[workflow.path] = defaults_of(workflow.inputs);
  const auto from_step = [&](const Step& step) {
    if (!step.uses || !local_path(*step.uses)) return;
    const std::string folder(*local_path(*step.uses));
    for (const std::string_view name : {"action.yml", "action.yaml"}) {
      const std::string path = folder.empty() ? std::string(name) : folder + "/" + std::string(name);
      const auto found = defaults.find(path);
      if (found == defaults.end()) continue;
      Values given = found->second;
      if (step.inputs) {
        if (const auto with = Json::try_parse(*step.inputs)) {
          for (const auto& [key, value] : with->members()) {
            if (value.is_string() && value.text().size() <= kLongest) given["inputs." + key] = value.text();
          }
        }
      }
      add(path, given);
    }
  };
  for (const Workflow& workflow : model.workflows) {
    for (const Job& job : workflow.jobs) {
      for (const Step& step : job.steps) from_step(step);
      if (!job.uses || !local_path(*job.uses) || job.node == nullptr) continue;
      const auto found = defaults.find(std::string(*local_path(*job.uses)));
      if (found == defaults.end()) continue;
      Values given = found->second;
      if (const yaml::Node* with = job.node->find("with"); with != nullptr) {
        for (const auto& entry : with->entries) add_scalars(entry.value, "inputs." + entry.key.text, given);
      }
      add(found->first, given);
    }
  }
  for (const Action& action : model.actions) {
    for (const Step& step : action.steps) from_step(step);
  }
  return inputs;
}

}  // namespace exitgate::collect::ci
