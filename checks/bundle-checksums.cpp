#include <fmt/core.h>

#include "harness/check/check.h"

namespace exitgate::check {
namespace {

constexpr std::string_view kParts = R"sql(
SELECT path, sha256 FROM schema.part WHERE problem IS NULL
UNION ALL
SELECT path, sha256 FROM environment.part WHERE problem IS NULL
ORDER BY path
)sql";

bool is_sha256(const std::string& text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  for (const Row& row : facts.query(kParts)) {
    report.examined();
    if (!is_sha256(row.text("sha256"))) {
      report.fail({row.text("path"), "", 0,
                   fmt::format("{} has no SHA-256 ('{}'): whether it is what was written cannot be shown",
                               row.text("path"), row.text("sha256")),
                   "see the log of the test that wrote it"});
    }
  }
  for (const Row& row : facts.query(fmt::format(
           "SELECT path, count(*) AS times FROM ({}) GROUP BY path HAVING count(*) > 1", kParts))) {
    report.fail(
        {row.text("path") + ":twice", "", 0,
         fmt::format("{} parts of the bundle are the one file {}", row.integer("times"), row.text("path")),
         "see the log of the test that wrote it"});
  }
}

const Check check{.name = "bundle-checksums",
                  .title = "Each part of the bundle has its SHA-256",
                  .why =
                      "A file without a checksum from the moment of its writing can be another one by the "
                      "time it is sealed.",
                  .domains = {"schema", "environment"},
                  .parts = Parts{"documents", "test-logs"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
