#include "harness/collect/environment/collect.h"

#include <fmt/core.h>

#include <future>

#include "harness/base/file.h"
#include "harness/base/object_id.h"
#include "harness/collect/environment/ci_run.h"
#include "harness/collect/environment/clock.h"
#include "harness/collect/environment/machine.h"
#include "harness/collect/environment/packages.h"
#include "harness/collect/environment/tools.h"
#include "harness/collect/environment/variables.h"
#include "harness/digest/digest.h"
#include "harness/facts/store.h"

namespace exitgate::collect::environment {

namespace {

constexpr std::string_view kPart = "environment";

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string text_of(const Pairs& pairs) {
  std::string text;
  for (const auto& [name, value] : pairs) text += fmt::format("{}={}\n", name, value);
  // An empty file would read as a part that was forgotten.
  return text.empty() ? "(none)\n" : text;
}

std::string text_of(const std::vector<Tool>& tools) {
  std::string text = "name\tversion\tpath\tsha256\n";
  for (const auto& tool : tools) {
    text += fmt::format("{}\t{}\t{}\t{}\n", tool.name, tool.version.value_or(tool.path ? "unknown" : "-"),
                        tool.path.value_or("not installed"), tool.sha256.value_or("-"));
  }
  return text;
}

std::string text_of(const std::vector<Package>& packages) {
  std::string text = "manager\tname\tversion\tsource\n";
  for (const auto& package : packages) {
    std::string source = package.source.value_or("-");
    if (package.line) source += fmt::format(":{}", *package.line);
    text +=
        fmt::format("{}\t{}\t{}\t{}\n", package.manager, package.name, package.version.value_or("-"), source);
  }
  return text;
}

std::optional<bool> is_known(const git::Repository& repository, const std::optional<std::string>& commit) {
  if (!commit || !is_object_id(*commit)) return std::nullopt;
  // A clone that may fetch what it lacks is told not to.
  return repository.run({"cat-file", "-e", *commit + "^{commit}"}).ok();
}

void append(std::vector<Package>& all, std::vector<Package> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

void collect_all(const Checkout& checkout, const redact::Redactor& redactor, const std::filesystem::path& out,
                 const std::filesystem::path& run_root) {
  auto asking = std::async(std::launch::async, read_tools);
  std::vector<Package> packages = dpkg_packages();
  append(packages, declared_packages(checkout));
  const Pairs variables = described_variables(process_environment(), redactor);
  const auto ci = describe_ci_run(process_environment(), redactor);
  const Pairs machine = describe_machine();
  const Tools tools = asking.get();
  append(packages, python_distributions(tools.python_path));

  facts::Store store(out, "environment");
  {
    const auto write_part = [&](const std::string& file, const std::string& text) {
      if (run_root.empty()) return;
      const std::string path = fmt::format("environment/{}", file);
      const std::string clean = redactor.redact(text);
      write_file(run_root / path, clean);
      store.insert(facts::environment::Part{.name = std::string(kPart),
                                            .path = path,
                                            .bytes = static_cast<std::int64_t>(clean.size()),
                                            .sha256 = digest::sha256_hex(clean)});
    };
    write_part("machine.txt", text_of(machine));
    write_part("tools.txt", text_of(tools.tools));
    write_part("variables.txt", text_of(variables));
    write_part("packages.txt", text_of(packages));

    if (ci) {
      CiRun run = *ci;
      run.commit_known = is_known(checkout.repository, run.commit_oid);
      store.insert(run);
    }
    store.insert(read_clock());
    for (const auto& [name, value] : machine)
      store.insert(facts::environment::Machine{.name = name, .value = value});
    for (const auto& tool : tools.tools) store.insert(tool);
    for (const auto& [name, value] : variables)
      store.insert(facts::environment::Variable{.name = name, .value = value});
    for (const auto& package : packages) store.insert(package);
  }
  store.close();
}

}  // namespace
}  // namespace exitgate::collect::environment

namespace exitgate::collect {

void collect_environment(const Checkout& checkout, const redact::Redactor& redactor,
                         const std::filesystem::path& out, const std::filesystem::path& run_root) {
  environment::collect_all(checkout, redactor, out, run_root);
}

}  // namespace exitgate::collect
