#include <fmt/core.h>

#include "harness/check/check.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  report.examined(facts.integer("SELECT count(*) FROM bundle.file").value_or(0));
  for (const Row& row : facts.query(
           "SELECT path, kind, count(*) AS count, coalesce('line ' || min(line), min(place)) AS place "
           "FROM bundle.secret GROUP BY path, kind ORDER BY path, kind")) {
    const auto count = row.integer("count");
    report.fail({.key = row.text("path") + ":" + row.text("kind"),
                 .file = "",
                 .message = fmt::format("{}, {}: {} in the clear{}", row.text("path"), row.text("place"),
                                        row.text("kind"),
                                        count > 1 ? fmt::format(", and {} more like it", count - 1) : ""),
                 .hint = "keep the value out of what is printed and of what the gates say; a false alarm "
                         "takes a waiver"});
  }
}

const Check check{.name = "no-secrets",
                  .title = "Nothing in the run looks like a plain-text secret",
                  .why =
                      "An archive is handed round and kept for years: a password in it has been published, "
                      "and no later masking takes it back.",
                  .domains = {"bundle"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
