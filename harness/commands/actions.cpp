#include "harness/commands/actions.h"

#include <string>

#include "harness/base/text.h"

namespace exitgate::commands {

namespace {

struct Entry {
  std::string_view actions;
  Kind kind;
  std::string_view input = {};
  std::string_view program = {};
};

// In small letters. The first that fits decides.
constexpr Entry kActions[] = {
    // These test by themselves.
    {"cypress-io/github-action|julia-actions/julia-runtest|r-lib/actions/check-r-package|"
     "robherley/go-test-action|n8maninger/action-golang-test|artiomtr/jest-coverage-report-action|"
     "game-ci/unity-test-runner|microsoft/vstest-action|dflook/terraform-test|dflook/tofu-test|"
     "pavelzw/pytest-action|php-actions/phpunit|matt-ball/newman-action|grafana/run-k6-action|"
     "schemathesis/action|matlab-actions/run-tests|gofrolist/molecule-action|robertdebock/molecule-action",
     Kind::test},
    // These run what one of their inputs says.
    {"nick-fields/retry|nick-invision/retry|wandalen/wretry.action", Kind::unknown, "command"},
    {"gabrielbb/xvfb-action|coactions/setup-xvfb|uraimo/run-on-arch-action|cross-platform-actions/action|"
     "vmactions/*|codspeedhq/action|addnab/docker-run-action",
     Kind::unknown, "run"},
    {"reactivecircus/android-emulator-runner", Kind::unknown, "script"},
    {"devcontainers/ci", Kind::unknown, "runcmd"},
    {"borales/actions-yarn", Kind::unknown, "cmd", "yarn"},
    {"actions-rs/cargo|clechasseur/rs-cargo", Kind::unknown, "command", "cargo"},
    {"houseabsolute/actions-rust-cross", Kind::unknown, "command", "cross"},
    {"gradle/gradle-build-action|gradle/actions/setup-gradle|eskatos/gradle-command-action|"
     "burrunan/gradle-cache-action",
     Kind::other, "arguments", "gradle"},
    {"sersoft-gmbh/xcodebuild-action|mxcl/xcodebuild", Kind::unknown, "action", "xcodebuild"},
    {"paambaati/codeclimate-action", Kind::other, "coveragecommand"},
    {"php-actions/composer", Kind::other, "command", "composer"},
    // These set up, keep, report, publish or read the code.
    {"actions/*|github/*|docker/*|aws-actions/*|azure/login|azure/docker-login|google-github-actions/*|"
     "googleapis/*|codecov/*|coverallsapp/*|codacy/*|sonarsource/*|snyk/*|aquasecurity/*|anchore/*|"
     "sigstore/*|step-security/*|ossf/*|slsa-framework/*|dependabot/*|peter-evans/*|softprops/*|ncipollo/*|"
     "goreleaser/*|golangci/*|reviewdog/*|dorny/*|tj-actions/*|hashicorp/*|ruby/setup-ruby|"
     "erlef/setup-*|shivammathur/*|pnpm/*|oven-sh/*|denoland/*|astral-sh/*|dtolnay/*|actions-rust-lang/*|"
     "swatinem/*|taiki-e/*|ilammy/*|msys2/*|lukka/*|jurplel/*|conda-incubator/*|mamba-org/*|snok/*|"
     "abatilo/*|pypa/gh-action-*|psf/black|jakebailey/pyright-action|pre-commit/action|cachix/*|"
     "determinatesystems/*|easimon/*|jlumbroso/*|maxim-lobanov/*|subosito/*|dart-lang/setup-dart|"
     "supercharge/*|ankane/*|slackapi/*|8398a7/*|appleboy/*|webfactory/*|crazy-max/ghaction-*|"
     "mikepenz/*|enricomi/*|test-summary/*|marocchino/*|thollander/*|amannn/*|wagoid/*|release-drafter/*|"
     "changesets/*|cycjimmy/*|stefanzweifel/*|endbug/*|jamesives/*|peaceiris/*|cloudflare/*|superfly/*|"
     "treosh/*|re-actors/*|styfle/*|fkirc/*|nrwl/nx-set-shas|trufflesecurity/*|gitleaks/*|semgrep/*|"
     "super-linter/*|oxsecurity/*|ludeeus/*|hadolint/*|rhysd/*|crate-ci/*|streetsidesoftware/*|lycheeverse/*|"
     "davidanson/*|ibiqlik/*|editorconfig-checker/*|fsfe/*|sbt/setup-sbt|coursier/*|scalacenter/*|graalvm/*|"
     "bufbuild/*|helm/chart-releaser-action|helm/kind-action|microsoft/setup-msbuild|mozilla-actions/*|"
     "hendrikmuhs/*|awalsh128/*|codespell-project/*|getsentry/*|rustsec/*|embarkstudios/*|jdx/*|"
     "zizmorcore/*|mxschmitt/action-tmate|pyo3/maturin-action",
     Kind::other},
};

// Of actions that are not in the table: what their names say that they do.
constexpr std::string_view kOtherNames =
    "*setup*|*cache*|*install*|*upload*|*download*|*lint*|*release*|*publish*|*comment*|*label*|*checkout*|"
    "*deploy*|*login*|*notify*|*slack*|*changed-files*|*badge*|*changelog*|*stale*|*lock-threads*|*"
    "toolchain*";

}  // namespace

ActionUse classify_action(std::string_view action) {
  const std::string name = lower(action);
  for (const Entry& entry : kActions) {
    if (one_of(entry.actions, name)) return {entry.kind, entry.input, entry.program};
  }
  const auto slash = name.find('/');
  const std::string_view own = slash == std::string::npos ? name : std::string_view(name).substr(slash + 1);
  if (own.find("test") == std::string_view::npos && one_of(kOtherNames, own)) return {Kind::other};
  return {Kind::unknown};
}

}  // namespace exitgate::commands
