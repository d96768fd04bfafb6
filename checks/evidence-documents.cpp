#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/facts/tables/repo.h"

namespace exitgate::check {
namespace {

std::vector<std::string> paths(const Facts& facts) {
  std::vector<std::string> all;
  for (const repo::File& file : facts.rows<repo::File>()) all.push_back(file.path);
  return all;
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto documents = with.strings("documents");
  if (documents.empty()) {
    report.skip("no evidence documents are declared",
                "write `evidence: {documents: [...]}` in exitgate.yaml");
    return;
  }
  for (const auto& document : documents) {
    report.examined();
    const auto size = facts.integer("SELECT coalesce(size, -1) FROM repo.file WHERE path = ?", {document});
    const auto status = facts.text(
        // A folder with nothing tracked in it is one row that ends in '/'.
        "SELECT status FROM repo.change WHERE path = ?1 OR (path LIKE '%/' AND substr(?1, 1, length(path)) = "
        "path)",
        {document});
    if (!size && status) {
      report.fail({document, document, 0,
                   fmt::format("the evidence document is in the work tree only (git status: {})", *status),
                   fmt::format("`git add {}` and commit it", document)});
    } else if (!size) {
      report.fail({document, document, 0, "the evidence document is not tracked at the commit",
                   "commit it, or fix `evidence: {documents: [...]}` in exitgate.yaml" +
                       did_you_mean(document, paths(facts))});
    } else if (*size == 0) {
      report.fail({document, document, 0, "the evidence document is empty",
                   "write it, or take it out of exitgate.yaml"});
    } else if (status) {
      report.fail({document, document, 0,
                   fmt::format("the evidence document is not the commit's (git status: {})", *status),
                   "commit it, or restore it"});
    }
  }
}

const Check check{
    .name = "evidence-documents",
    .title = "Declared evidence documents are tracked at the commit",
    .why = "A document that is only on somebody's disk is not part of what was reviewed.",
    .domains = {"repo"},
    .parameters = {{"documents", Parameter::strings, "[]",
                    "paths of the documents; exitgate.yaml's `evidence: {documents: [...]}` fills them in"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
