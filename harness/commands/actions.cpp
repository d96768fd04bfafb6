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
    {"cypress-io/github-action|julia-actions/julia-runtest|r-lib/actions/check-r-package|robherley/"
     "go-test-action|"
     "n8maninger/action-golang-test|artiomtr/jest-coverage-report-action|mattallty/jest-github-action|"
     "game-ci/unity-test-runner|microsoft/vstest-action|dflook/terraform-test|dflook/tofu-test|"
     "pavelzw/pytest-action|cclauss/find-python-unit-tests|php-actions/phpunit|joshmeads/phpunit|"
     "php-actions/codeception|zephyrproject-rtos/twister|lowlighter/metrics-test|mikefarah/test|"
     "lambdatest/kaneai|testim-created/testim-cli-action|matt-ball/newman-action|anthonyvscode/newman-action|"
     "grafana/run-k6-action|grafana/k6-action|schemathesis/action|d4l3k/go-pip-test|"
     "ome/action-ansible-molecule|robertdebock/molecule-action|gofrolist/molecule-action",
     Kind::test},
    {"nick-fields/retry|nick-invision/retry|wandalen/wretry.action|nev7n/wait_for_response-none|paambaati/"
     "retry",
     Kind::unknown, "command"},
    {"gabrielbb/xvfb-action|coactions/setup-xvfb|smithki/xvfb-action|uraimo/run-on-arch-action|"
     "cross-platform-actions/action|vmactions/*|addnab/docker-run-action|dpolivaev/docker-run|cygwin/run|"
     "mxschmitt/action-tmate-run",
     Kind::unknown, "run"},
    {"reactivecircus/android-emulator-runner|malinskiy/action-android/emulator-run-cmd|"
     "reactive-circus/android-emulator-runner",
     Kind::unknown, "script"},
    {"devcontainers/ci", Kind::unknown, "runcmd"},
    {"borales/actions-yarn|runwithdocker/yarn", Kind::unknown, "cmd", "yarn"},
    {"actions-rs/cargo|clechasseur/rs-cargo", Kind::unknown, "command", "cargo"},
    {"houseabsolute/actions-rust-cross", Kind::unknown, "command", "cross"},
    {"gradle/gradle-build-action|gradle/gradle-command-action|eskatos/gradle-command-action|burrunan/"
     "gradle-cache-action|"
     "gradle/actions/setup-gradle",
     Kind::other, "arguments", "gradle"},
    {"sersoft-gmbh/xcodebuild-action|mxcl/xcodebuild", Kind::unknown, "action", "xcodebuild"},
    {"paambaati/codeclimate-action", Kind::other, "coveragecommand"},
    {"php-actions/composer", Kind::other, "command", "composer"},
    {"volta-cli/action|browser-actions/*|pyvista/*", Kind::other},
    // What an owner publishes for its own product, and kinds of actions by their names.
    {"actions/*|github/*|docker/*|aws-actions/*|azure/*|google-github-actions/*|googleapis/*|codecov/"
     "*|coverallsapp/*|"
     "codacy/*|sonarsource/*|snyk/*|aquasecurity/*|anchore/*|sigstore/*|step-security/*|ossf/"
     "*|slsa-framework/*|"
     "dependabot/*|renovatebot/*|peter-evans/*|softprops/*|ncipollo/*|goreleaser/*|golangci/*|reviewdog/*|"
     "dorny/*|tj-actions/*|jitterbit/*|hashicorp/*|ruby/setup-ruby|erlef/*|shivammathur/*|pnpm/*|oven-sh/*|"
     "denoland/*|astral-sh/*|dtolnay/*|actions-rust-lang/*|swatinem/*|taiki-e/*|baptiste0928/*|"
     "egor-tensin/*|ilammy/*|msys2/*|lukka/*|jwlawson/*|seanmiddleditch/*|jurplel/*|conda-incubator/*|"
     "mamba-org/*|snok/*|abatilo/*|pypa/*|psf/*|jakebailey/*|pre-commit/*|tox-dev/*|wntrblm/*|cachix/*|"
     "determinatesystems/*|nixbuild/*|wimpysworld/*|easimon/*|jlumbroso/*|adityagarg8/*|maxim-lobanov/*|"
     "subosito/*|dart-lang/*|supercharge/*|ankane/*|getong/*|harmon758/*|ikalnytskyi/*|potatoqualitee/*|"
     "slackapi/*|8398a7/*|rtcamp/*|appleboy/*|webfactory/*|crazy-max/*|softwareforgood/*|mikepenz/*|"
     "enricomi/*|test-summary/*|phoenix-actions/*|ctrf-io/*|daun/*|romeovs/*|barecheck/*|irongut/*|madrapps/"
     "*|"
     "marocchino/*|mshick/*|thollander/*|amannn/*|wagoid/*|release-drafter/*|googleapis/*|changesets/*|"
     "cycjimmy/*|mathieudutour/*|anothrnick/*|stefanzweifel/*|endbug/*|ad-m/*|jamesives/*|peaceiris/*|"
     "cloudflare/*|superfly/*|amondnet/*|nwtgck/*|netlify/*|vercel/*|chromaui/*|percy/*|argos-ci/*|"
     "treosh/*|re-actors/*|styfle/*|fkirc/*|lewagon/*|iffy/*|nrwl/nx-set-shas|stackhawk/*|zaproxy/*|"
     "trufflesecurity/*|gitleaks/*|semgrep/*|returntocorp/*|bridgecrewio/*|super-linter/*|oxsecurity/*|"
     "ludeeus/*|hadolint/*|rhysd/*|raven-actions/*|crate-ci/*|streetsidesoftware/*|lycheeverse/*|"
     "gaurav-nelson/*|tcort/*|davidanson/*|ibiqlik/*|karancode/*|editorconfig-checker/*|fsfe/*|apache/*|"
     "sbt/*|coursier/*|olafurpg/*|scalacenter/*|graalvm/*|s4u/*|stcarrez/*|mobiledevops/*|r0adkll/*|"
     "bufbuild/*|arduino/*|helm/*|engineerd/*|nolar/*|mukunku/*|reecetech/*|paulhatch/*|gittools/*|nuget/*|"
     "microsoft/setup-msbuild|ilammy/*|simonhaenisch/*|ashley-taylor/*|mindsers/*|technote-space/*|benc-uk/*|"
     "convictional/*|thedoctor0/*|vimtor/*|montudor/*|papeloto/*|svenstaro/*|eifinger/*|extractions/*|"
     "arduino/*|jetli/*|wasmerio/*|mozilla-actions/*|hendrikmuhs/*|awalsh128/*|gerlero/*|codespell-project/*|"
     "yokawasa/*|int128/*|tibdex/*|getsentry/*|sentry*|datadog/*|bencherdev/*|codspeedhq/*|benchmark-action/"
     "*|"
     "boa-dev/*|rustsec/*|embarkstudios/*|obi1kenobi/*|mozilla/*|jdx/*|asdf-vm/*|go-task/*|arkenv/*",
     Kind::other},
};

constexpr std::string_view kOtherNames =
    "*setup*|*cache*|*install*|*upload*|*download*|*report*|*lint*|*release*|*publish*|*comment*|*label*|*"
    "checkout*|"
    "*deploy*|*login*|*notif*|*slack*|*changed-files*|*paths*|*build-push*|*cleanup*|*free-disk*|*badge*|*"
    "coverage*|"
    "*annotat*|*version*|*tag*|*changelog*|*assign*|*stale*|*merge*|*dispatch*|*wait*|*sync*|*backup*|*"
    "format*|*scan*|"
    "*audit*|*sign*|*attest*|*mirror*|*rebase*|*commit*|*push*|*pull-request*|*create-*|*docs*|*pages*|*size*"
    "|*token*|"
    "*secret*|*credentials*|*ssh*|*rust-cache*|*toolchain*|*shellcheck*|*clang-format*|*cancel*|*debug*|*"
    "tmate*|*vercel*|"
    "*discord*|*telegram*|*issue*|*pr-*|*semantic*|*bump*|*copy*|*rsync*|*ftp*|*file*|*env*|*variables*|*"
    "docker*";

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
