#include "harness/archive/verify_suite.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

std::string essence(const verdict::Gate& gate) {
  auto with = Json::try_parse(gate.with).value_or(Json());
  Json waivers = Json::array();
  for (const auto& waiver : gate.waivers)
    waivers.push_back({{"finding", waiver.finding}, {"expires", waiver.expires}});
  return Json{{"check", gate.check},
              {"with", with},
              {"counterexample", gate.counterexample},
              {"about", gate.about},
              {"core", gate.core},
              {"waivers", waivers},
              {"unproven", gate.unproven},
              {"severity", verdict::severity_name(gate.severity)}}
      .dump();
}

// suite/bundle.json's parts in the form of VerifyOptions::bundle.
std::set<std::string> sealed_bundle(const fs::path& folder) {
  std::set<std::string> parts;
  const fs::path file = folder / "suite" / "bundle.json";
  if (!fs::exists(file)) return parts;
  const auto text = [](const Json& part, const char* key) {
    const auto found = part.find(key);
    if (found == nullptr || !found->is_string()) throw VerificationError("suite/bundle.json is damaged");
    return found->text();
  };
  for (const auto& part : parse_strict(read_file(file), "suite/bundle.json")) {
    const std::string gate = text(part, "gate");
    parts.insert(fmt::format("{}: {}", gate.empty() ? text(part, "exit-gate") : gate, text(part, "path")));
  }
  return parts;
}

}  // namespace

void check_suite(const fs::path& folder, const std::vector<verdict::Gate>& trusted,
                 const std::vector<std::string>& bundle, Claims& claims) {
  constexpr const char* kName = "suite";
  std::map<std::string, verdict::Gate> sealed;
  std::set<std::string> parts;
  try {
    parts = sealed_bundle(folder);
    const fs::path gates = folder / "suite" / "gates";
    if (fs::exists(gates)) {
      for (const auto& entry : fs::directory_iterator(gates)) {
        verdict::Gate gate =
            verdict::gate_from_json(parse_strict(read_file(entry.path()), entry.path().filename().string()));
        sealed.emplace(gate.name, std::move(gate));
      }
    }
  } catch (const std::exception& problem) {
    claims.failed(kName, problem.what());
    return;
  }
  std::vector<std::string> problems;
  for (const auto& gate : trusted) {
    const auto found = sealed.find(gate.name);
    if (found == sealed.end()) {
      problems.push_back(fmt::format("{} is not in the archive's suite", gate.name));
    } else if (essence(found->second) != essence(gate)) {
      problems.push_back(fmt::format("{} is {} in the archive and {} in the trusted suite", gate.name,
                                     essence(found->second), essence(gate)));
    }
  }
  for (const auto& part : bundle) {
    if (!parts.contains(part))
      problems.push_back(
          fmt::format("the trusted suite asks for the part '{}', the archive's does not", part));
  }
  claims.conclude(
      kName, problems,
      fmt::format("{} as in the trusted suite, {} more in the archive", count_of(trusted.size(), "gate"),
                  sealed.size() - std::min(sealed.size(), trusted.size())));
}

}  // namespace exitgate::archive
