#include <fmt/core.h>

#include "harness/check/check.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto tolerance = with.integer("tolerance");
  for (const Row& row : facts.query(
           "SELECT clock.read_at AS read_at, clock.synchronized AS synchronized, checkout.committed_at AS "
           "committed_at, strftime('%s', checkout.committed_at) - strftime('%s', clock.read_at) AS "
           "seconds_ahead FROM environment.clock AS clock CROSS JOIN repo.checkout AS checkout")) {
    report.examined();
    if (row.is_null("seconds_ahead")) {
      report.undecided(
          {"clock", "", 0,
           fmt::format("'{}' and '{}' are not both times", row.text("read_at"), row.text("committed_at")),
           "collect the facts again"});
    } else if (row.integer("seconds_ahead") > tolerance) {
      report.fail({"clock", "", 0,
                   fmt::format("the commit is of {}, {} s after the evidence about it, of {}",
                               row.text("committed_at"), row.integer("seconds_ahead"), row.text("read_at")),
                   "one clock is wrong, this machine's or the author's: set it, and run again"});
    } else {
      report.note(fmt::format("{}{}", row.text("read_at"),
                              row.is_null("synchronized")   ? ""
                              : row.boolean("synchronized") ? ", kept to a time server's"
                                                            : ", not known to be kept to a time server's"));
    }
    if (!with.boolean("synchronized")) continue;
    report.examined();
    if (row.is_null("synchronized")) {
      report.undecided({"synchronized", "", 0, "the kernel does not say whether its clock is kept", ""});
    } else if (!row.boolean("synchronized")) {
      report.fail({"synchronized", "", 0, "the machine's clock is not kept to a time server's",
                   "run a time service on it (chrony, systemd-timesyncd)"});
    }
  }
}

const Check check{
    .name = "clock",
    .title = "The clock that dates the evidence can be right",
    .why =
        "Evidence older than what it is about, or dated by a clock that nobody keeps, convinces "
        "nobody.",
    .domains = {"repo", "environment"},
    .parameters = {{"tolerance", Parameter::integer, "300",
                    "seconds by which the author's clock may be ahead"},
                   {"synchronized", Parameter::boolean, "false",
                    "whether the machine's clock must be kept to a time server's"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
