#include "harness/cli/as_test.h"

#include <fmt/core.h>

#include <cstdlib>

#include "harness/base/output.h"
#include "harness/marks/mark.h"
#include "harness/redact/redactor.h"

namespace exitgate::cli {

namespace {

void require_stages(const record::RunDirectory& run, const std::vector<std::string>& stages) {
  if (const auto problem = marks::problem_of_stages(run, stages); !problem.empty())
    throw Undecided(fmt::format("not done, because {}", problem));
}

}  // namespace

int run_as_test(const record::RunDirectory& run, const TestOptions& options,
                const std::function<void()>& work) {
  const auto mark = marks::run_marked(
      run, {options.name, options.run, std::atoi(options.timeout.c_str())},
      [&](const marks::Mark&) {
        try {
          require_stages(run, options.after);
          work();
          return 0;
        } catch (const Error& error) {
          return print_error(error);
        } catch (const std::exception& error) {
          return print_error(Undecided(fmt::format("internal fault: {}", error.what())));
        }
      },
      [&](marks::Mark& ended) {
        ended.failed = ended.exit_code != 0;
        if (ended.failed && options.exit_of_failure != 0) ended.exit_code = options.exit_of_failure;
      });
  return mark.exit_code;
}

int print_error(const Error& error) {
  // A message may quote what it was given: nothing secret leaves in it.
  const auto redactor = redact::Redactor::from_environment();
  say_problem(redactor.redact(error.what()), redactor.redact(error.hint()));
  return static_cast<int>(error.exit());
}

}  // namespace exitgate::cli
