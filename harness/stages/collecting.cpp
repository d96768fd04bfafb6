#include "harness/stages/collecting.h"

#include <algorithm>
#include <array>

#include "harness/base/file.h"
#include "harness/base/thread_group.h"
#include "harness/collect/census/collect.h"
#include "harness/collect/ci/collect.h"
#include "harness/collect/code/collect.h"
#include "harness/collect/environment/collect.h"
#include "harness/collect/migrations/collect.h"
#include "harness/collect/repo/collect.h"
#include "harness/collect/schema/collect.h"
#include "harness/redact/redactor.h"
#include "harness/stages/target.h"

namespace exitgate::stages {

namespace {

using Collector = void (*)(const collect::Checkout& checkout, const std::filesystem::path& facts,
                           const std::filesystem::path& run_root);

struct Domain {
  const char* name;
  Collector collect;
};

void environment(const collect::Checkout& checkout, const std::filesystem::path& facts,
                 const std::filesystem::path& run_root) {
  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(database_url());
  collect::collect_environment(checkout, redactor, facts, run_root);
}

template <void (*collect_domain)(const collect::Checkout&, const std::filesystem::path&)>
void plain(const collect::Checkout& checkout, const std::filesystem::path& facts,
           const std::filesystem::path& /*run_root*/) {
  collect_domain(checkout, facts);
}

constexpr const char* kAsked = "asked";

constexpr std::array<Domain, 6> kDomains = {{
    {"repo", plain<collect::collect_repo>},
    {"ci", plain<collect::collect_ci>},
    {"code", plain<collect::collect_code>},
    {"migrations", plain<collect::collect_migrations>},
    {"environment", environment},
    {"census", plain<collect::collect_census>},
}};

}  // namespace

std::vector<std::string> repository_domains() {
  std::vector<std::string> names;
  for (const auto& domain : kDomains) names.emplace_back(domain.name);
  names.emplace_back(kAsked);
  return names;
}

std::vector<collect::AskedRequest> asked_requests(const std::vector<verdict::Gate>& gates) {
  std::vector<collect::AskedRequest> requests;
  for (const auto& gate : gates) {
    if (collect::is_asked_by(gate.check))
      requests.push_back({gate.name, gate.check, gate.with, gate.example});
  }
  return requests;
}

std::vector<collect::AskedRequest> asked_requests(const record::RunDirectory& run) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(run.gates())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  std::vector<verdict::Gate> gates;
  for (const auto& file : files)
    gates.push_back(verdict::gate_from_json(Json::parse(read_file(file), file.filename().string())));
  return asked_requests(gates);
}

void collect_repository(const collect::Checkout& checkout, const std::vector<std::string>& domains,
                        const std::filesystem::path& facts, const std::filesystem::path& run_root,
                        const std::vector<collect::AskedRequest>& asked) {
  // One thread each: every collector talks to its own git, and they share nothing that changes.
  ThreadGroup threads;
  for (const auto& domain : kDomains) {
    if (std::find(domains.begin(), domains.end(), domain.name) == domains.end()) continue;
    threads.start([&] { domain.collect(checkout, facts, run_root); });
  }
  if (!asked.empty() && std::find(domains.begin(), domains.end(), kAsked) != domains.end())
    threads.start([&] { collect::collect_asked(checkout, asked, facts); });
  threads.join();
}

void collect_live_database(const std::string& url, const std::string& snapshot,
                           const std::filesystem::path& facts) {
  collect::collect_live(url, snapshot, facts);
}

}  // namespace exitgate::stages
