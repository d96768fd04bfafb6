// Programs that neither test nor migrate nor dump, and which options take a value.
#include "harness/commands/tools.h"

namespace exitgate::commands {

namespace {

constexpr std::string_view kOther[] = {
    // The shell's own, and files
    "command|vcvars*|VsDevCmd|:|.|source|[|[[|test|true|false|cd|pushd|popd|echo|printf|export|unset|"
    "set|shopt|read|exit|"
    "return|"
    "break|continue|shift|trap|wait|sleep|kill|pkill|killall|declare|typeset|local|readonly|alias|"
    "unalias|umask|ulimit|hash|type|which|where|whereis|let|jobs|fg|bg|disown|getopts|mapfile|readarray|"
    "pwd|ls|dir|cat|head|tail|tac|wc|sort|uniq|cut|tr|sed|awk|gawk|mawk|grep|egrep|fgrep|rg|ag|find|fd|"
    "tee|touch|cp|copy|mv|move|rm|del|rmdir|mkdir|md|ln|install|chmod|chown|chgrp|stat|file|du|df|diff|"
    "cmp|comm|patch|basename|dirname|realpath|readlink|seq|date|cal|expr|bc|numfmt|column|paste|fold|fmt|"
    "rev|od|xxd|hexdump|strings|base64|md5sum|sha1sum|sha256sum|sha512sum|shasum|cksum|b2sum|split|"
    "csplit|mktemp|yes|uname|hostname|whoami|id|groups|users|who|env|printenv|locale|localedef|"
    "locale-gen|tput|stty|clear|reset|free|top|ps|lsof|netstat|ss|ip|ifconfig|ping|host|dig|nslookup|nc|"
    "ncat|telnet|getent|sysctl|ldconfig|ldd|lscpu|lspci|lsb_release|nproc|sync|swapon|swapoff|fallocate|"
    "mount|umount|losetup|modprobe|insmod|dmesg|journalctl|systemctl|service|update-alternatives|useradd|"
    "usermod|userdel|groupadd|groupmod|adduser|addgroup|passwd|chpasswd|visudo|tree|less|more|vi|vim|"
    "nano|envsubst|chkconfig|timedatectl|loginctl|udevadm|logger|time|times|history|sw_vers|xcode-select|"
    "xcrun|defaults|security|codesign|softwareupdate|launchctl|diskutil|hdiutil|networksetup|spctl|"
    "csrutil|pkgutil|installer|lipo|otool|nm|objdump|size|strip|ar|ranlib|readelf|install_name_tool|"
    "patchelf|pkgbuild|productbuild|notarytool|dsymutil|plutil|fsutil",
    // Archives and the network
    "tar|bsdtar|gtar|zip|unzip|7z|7za|gzip|gunzip|pigz|bzip2|bunzip2|xz|unxz|zstd|unzstd|lz4|brotli|cpio|"
    "rar|unrar|curl|wget|wget2|aria2c|httpie|http|xh|rsync|scp|sftp|ftp|ssh-keyscan|ssh-keygen|ssh-add|"
    "ssh-agent|gpg|gpg2|openssl|cosign|syft|grype|trivy|slsa-verifier|minisign|age|sops|vault|step|"
    "mkcert|certbot|keytool|jarsigner|certutil|jq|yq|xq|xmllint|xmlstarlet|tidy|dasel|gron|jo|fx|csvtool|"
    "miller|mlr|dos2unix|unix2dos",
    // Packages and versions
    "apt|apt-get|aptitude|apt-key|add-apt-repository|apt-mark|apt-cache|dpkg|dpkg-reconfigure|dpkg-deb|"
    "debconf-set-selections|yum|dnf|microdnf|rpm|rpmbuild|zypper|pacman|yay|apk|snap|flatpak|brew|port|"
    "choco|scoop|winget|vcpkg|pip|pip3|pip3.*|pip-compile|pip-sync|pip-tools|pip-audit|pip-licenses|"
    "ensurepip|virtualenv|venv|conda|mamba|micromamba|poetry|pdm|uv|uvx|pipenv|pipx|rye|hatch|pixi|flit|"
    "twine|build|wheel|setuptools|cibuildwheel|auditwheel|delocate-wheel|easy_install|pyenv|npm|npx|pnpm|"
    "pnpx|yarn|yarnpkg|bunx|corepack|nvm|fnm|volta|n|nodenv|ncu|npm-check-updates|gem|bundle|bundler|"
    "rbenv|rvm|asdf|mise|cargo-binstall|rustup|rustup-init|rustc|rustfmt|composer|pecl|pear|phpize|"
    "phpenv|docker-php-ext-install|docker-php-ext-enable|phive|nuget|paket|sdk|sdkmanager|avdmanager|"
    "sdkman|jenv|coursier|cs|cabal-install|ghcup|cpan|cpanm|cpanp|carton|plenv|perlbrew|luarocks|"
    "hererocks|nix|nix-env|nix-channel|nix-build|nix-store|nix-instantiate|nixpkgs-fmt|alejandra|cachix|"
    "attic|guix|devbox|direnv|goenv|gvm|helm-docs|tfenv|tofuenv|spack|easybuild|module|Install-Module|"
    "Import-Module|Set-PSRepository|Install-Package|mint|pod|carthage|xcodes|chruby|pipdeptree|safety",
    // git and its servers, images, clusters, clouds
    "git|git-lfs|git-crypt|git-cliff|hub|gh|glab|tea|fj|svn|hg|bzr|cvs|gitleaks|gitlint|commitlint|"
    "cocogitto|cog|convco|semantic-release|release-please|changeset|changesets|changelog|"
    "standard-version|release-it|bumpversion|bump2version|bump-my-version|towncrier|scriv|reno|"
    "goreleaser|nfpm|auto|np|lerna-version|cz|gitversion|GitVersion|docker|docker-compose|podman|"
    "podman-compose|buildah|skopeo|crane|oras|regctl|nerdctl|ctr|crictl|kaniko|hadolint|dive|dockle|"
    "docker-slim|kubectl|helm|helmfile|kustomize|kind|minikube|k3d|k3s|k9s|kubeconform|kubeval|"
    "kube-linter|kube-score|skaffold|tilt|argocd|flux|istioctl|linkerd|oc|velero|aws|aws-vault|gcloud|"
    "gsutil|bq|az|azd|doctl|hcloud|flyctl|fly|heroku|vercel|netlify|now|surge|firebase|wrangler|railway|"
    "render|ibmcloud|oci|linode-cli|terragrunt|terraform|tofu|terraform-docs|tflint|tfsec|checkov|"
    "infracost|cdk|cdktf|pulumi|serverless|sls|sst|sam|ansible|ansible-playbook|ansible-galaxy|"
    "ansible-lint|packer|vagrant|codecov|codecov.sh|coveralls|codeclimate-test-reporter|cc-test-reporter|"
    "sonar-scanner|sonarqube|bencher|buildkite-agent|circleci|codecovcli|uploader|datadog-ci|sentry-cli|"
    "newrelic|rover|spectral|redocly|openapi-generator|openapi-generator-cli|swagger-cli|buf|protoc|"
    "protolint|flatc|thrift|grpcurl|act|actionlint|zizmor|editorconfig-checker|ec|super-linter|"
    "mega-linter|mdl|markdownlint|markdownlint-cli2|remark|vale|alex|write-good|cspell|typos|codespell|"
    "misspell|lychee|muffet|linkinator|markdown-link-check|proselint|textlint|reuse|licensee|addlicense|"
    "license-eye|license-checker|fossa|scancode|snyk|semgrep|codeql|bandit|dependency-check|osv-scanner|"
    "retire|audit-ci|better-npm-audit|nancy|scorecard|gosec|govulncheck|cargo-audit|cargo-deny|"
    "bundle-audit|bundler-audit|brakeman",
    // Compilers, builders, linters, formatters, documentation
    "gcc|g++|gcc-*|g++-*|cc|c++|clang|clang++|clang-?*|ld|lld|mold|as|nasm|yasm|cmake|ccmake|cpack|"
    "configure|autoconf|automake|autoreconf|autogen.sh|autogen|bootstrap|libtoolize|aclocal|pkg-config|"
    "meson|ninja|qmake|qmake6|ccache|sccache|distcc|cl|cl.exe|link|lib|nmake|msbuild|MSBuild.exe|devenv|"
    "devenv.com|vswhere|vcvarsall.bat|rc|makensis|iscc|wix|candle|light|signtool|cppcheck|cpplint|"
    "include-what-you-use|iwyu_tool.py|run-clang-tidy|clang-tidy|clang-format|git-clang-format|gcov|"
    "gcovr|lcov|genhtml|llvm-cov|llvm-profdata|kcov-merge|doxygen|sphinx-build|sphinx-apidoc|"
    "sphinx-autobuild|mkdocs|mike|pdoc|pydoc-markdown|jupyter-book|nbconvert|quarto|pandoc|asciidoctor|"
    "asciidoc|hugo|jekyll|gatsby|docusaurus|vuepress|vitepress|storybook|build-storybook|typedoc|jsdoc|"
    "documentation|esdoc|rustdoc|mdbook|zola|cobalt|antora|latexmk|pdflatex|xelatex|lualatex|tectonic|"
    "typst|javac|jar|kotlinc|ktlint|detekt|scalac|scalafmt|scalafix|groovy|checkstyle|pmd|spotbugs|"
    "google-java-format|javadoc|jlink|jpackage|native-image|ghc|hlint|ormolu|fourmolu|stylish-haskell|"
    "cabal|stack|ocamlformat|dune|opam|rescript|bsb|elm|elm-format|elm-review|purs|spago|swiftc|"
    "swiftlint|swiftformat|swift-format|xcodegen|tuist|xcpretty|xcbeautify|periphery|jazzy|dartfmt|dart|"
    "flutter|pub|fvm|nim|crystal|ameba|dmd|ldc2|gdc|gnatmake|gprbuild|fpc|lazbuild|gfortran|flang|ifort|"
    "ifx|nvcc|hipcc|mpicc|mpifort|erlc|elixirc|iex|gleam|tsc|vue-tsc|tsup|tsc-alias|swc|esbuild|rollup|"
    "webpack|webpack-cli|vite|parcel|next|nuxt|nuxi|astro|svelte-kit|svelte-check|remix|babel|browserify|"
    "microbundle|unbuild|ncc|pkg|nexe|electron-builder|electron-forge|electron-packager|tauri|expo|eas|"
    "react-native|cap|capacitor|ionic|cordova|ng-packagr|api-extractor|size-limit|bundlewatch|bundlesize|"
    "source-map-explorer|lighthouse|lhci|pa11y|pa11y-ci|axe|chromatic|percy|loki|reg-suit|eslint|"
    "eslint_d|tslint|jshint|jslint|standard|xo|biome|rome|oxlint|oxfmt|dprint|prettier|stylelint|"
    "sasslint|sass-lint|htmlhint|html-validate|graphql-codegen|graphql-inspector|knip|depcheck|madge|"
    "dependency-cruiser|depcruise|syncpack|manypkg|publint|attw|type-coverage|ls-lint|sort-package-json|"
    "patch-package|rimraf|mkdirp|cpy|copyfiles|ncp|shx|del-cli|husky|lint-staged|is-ci|wait-on|wait-port|"
    "kill-port|http-server|serve|live-server|json-server|verdaccio|pm2|postcss|tailwindcss|unocss|sass|"
    "node-sass|lessc|svgo|imagemin|ruff|flake8|pylint|pyflakes|pycodestyle|pydocstyle|mypy|dmypy|pyright|"
    "basedpyright|pytype|pyre|ty|pyrefly|black|isort|yapf|autopep8|autoflake|pyupgrade|"
    "add-trailing-comma|vulture|radon|xenon|interrogate|darglint|docformatter|doc8|rstcheck|"
    "check-manifest|check-wheel-contents|pyroma|vermin|deptry|creosote|import-linter|lint-imports|dodgy|"
    "prospector|pylama|curlylint|djlint|djhtml|sqlfluff|sqlfmt|nbqa|nbstripout|pybabel|msgfmt|msgmerge|"
    "xgettext|makemessages|coverage|coverage3|py-spy|cython|cythonize|pyinstaller|nuitka|briefcase|"
    "cx_freeze|shiv|pex|zipapp|compileall|py_compile|pre-commit|yamllint|yamlfix|yamlfmt|taplo|toml-sort|"
    "jsonlint|check-jsonschema|ajv|xmlformat|shellcheck|shfmt|bashate|checkbashisms|gofmt|goimports|"
    "gofumpt|gci|golint|golangci-lint|staticcheck|revive|ineffassign|errcheck|nilaway|deadcode|unparam|"
    "gocyclo|goconst|mockgen|mockery|stringer|wire|swag|oapi-codegen|sqlc|gqlgen|ent|bufbuild|gox|garble|"
    "ko|gomobile|xgo|go-licenses|go-junit-report|gocov-xml|gcov2lcov|goveralls|benchstat|godoc|gopls|"
    "gotext|templ|air|wails|fyne|rubocop|standardrb|reek|rubycritic|fasterer|erblint|erb_lint|haml-lint|"
    "slim-lint|herb|i18n-tasks|sorbet|srb|steep|rbs|tapioca|yard|rdoc|solargraph|overcommit|danger|"
    "pronto|annotate|puma|unicorn|sidekiq|foreman|overmind|hivemind|phpcs|phpcbf|php-cs-fixer|phpstan|"
    "psalm|phan|phpmd|phpmetrics|rector|pint|ecs|parallel-lint|php-parallel-lint|phplint|phploc|phpcpd|"
    "deptrac|composer-normalize|composer-unused|composer-require-checker|twig-cs-fixer|box|phpdoc|churn|"
    "grumphp|credo|dialyzer|sobelow|stylua|luacheck|selene|lua-language-server|perlcritic|perltidy|"
    "buildifier|gazelle|ibazel|verilator|iverilog|yosys|nextpnr|openscad|blender|godot|godot4|"
    "unity-editor|butler|steamcmd|arduino-cli|platformio|pio|esptool.py|idf.py|west|avr-gcc|"
    "arm-none-eabi-gcc|convert|magick|identify|ffmpeg|ffprobe|inkscape|rsvg-convert|gs|qpdf|pdftotext|"
    "exiftool|optipng|pngquant|dot|plantuml|mmdc|d2",
    // Servers and databases, when they are only started, stopped or asked
    "psql|createdb|dropdb|createuser|dropuser|initdb|pg_ctl|pg_ctlcluster|pg_createcluster|pg_lsclusters|"
    "pg_isready|pg_restore|pg_config|postgres|mysql|mysqladmin|mysqld|mariadb|mariadb-admin|sqlite3|"
    "redis-cli|redis-server|mongo|mongosh|mongod|mongorestore|cockroach|clickhouse|clickhouse-client|"
    "cqlsh|rabbitmqctl|rabbitmq-plugins|kafka-topics|kafka-topics.sh|nats|nats-server|etcd|etcdctl|"
    "consul|nomad|minio|mc|elasticsearch|opensearch|nginx|caddy|apache2ctl|a2enmod|php-fpm|sqlcmd|bcp|"
    "sqlplus|duckdb|influx|temporal|wait-for-it|wait-for-it.sh|wait-for|wait-for.sh|dockerize|Xvfb|xvfb|"
    "x11vnc|fluxbox|openbox|xrandr|pulseaudio|dbus-daemon|adb|emulator|simctl|chromedriver|geckodriver|"
    "selenium-standalone|webdriver-manager|safaridriver|google-chrome|chromium|firefox",
    // PowerShell and cmd
    "write-host|write-output|write-error|write-warning|get-childitem|get-item|get-content|gc|set-content|"
    "add-content|out-file|new-item|ni|copy-item|move-item|remove-item|ri|rename-item|test-path|join-path|"
    "split-path|resolve-path|set-location|push-location|pop-location|get-location|expand-archive|"
    "compress-archive|invoke-webrequest|iwr|invoke-restmethod|irm|start-process|stop-process|get-process|"
    "start-service|stop-service|get-service|start-sleep|set-executionpolicy|get-command|get-variable|"
    "set-variable|set-item|where-object|foreach-object|select-object|sort-object|select-string|"
    "measure-object|convertto-json|convertfrom-json|format-table|format-list|out-null|out-string|"
    "tee-object|get-date|new-object|add-type|throw|param|function|try|catch|finally|foreach|switch|xcopy|"
    "robocopy|setlocal|endlocal|rem|goto|setx|reg|sc|net|netsh|schtasks|wmic|tasklist|taskkill|ver|vol|"
    "attrib|icacls|takeown|refreshenv|mklink|pause|title",
};

constexpr Options kOptions[] = {
    {"npm|pnpm|yarn|yarnpkg|bun",
     "--prefix|-C|--dir|--cwd|-w|--workspace|--filter|-F|--filter-prod|-p|--package|--loglevel|"
     "--registry|--cache|--workspace-concurrency|--network-timeout|--reporter|--include|--from|-j|--jobs"},
    {"make|gmake|bmake|mingw32-make|just|task|go-task",
     "-C|--directory|-f|--file|--makefile|-I|-o|-W|-d|--dir|-t|--taskfile|--justfile|"
     "--working-directory|--shell"},
    {"cargo|cross",
     "--color|--config|-Z|--manifest-path|-p|--package|--features|-F|--target|--target-dir|--profile|"
     "-j|--jobs|-C|--bin|--test|--example|--exclude|--message-format"},
    {"go|richgo|gotip", "-C"},
    {"gradle|gradlew",
     "-p|--project-dir|-b|--build-file|-c|--settings-file|-I|--init-script|-g|--gradle-user-home|"
     "--console|--max-workers|--warning-mode|-x|--exclude-task|--include-build|--tests|--priority"},
    {"mvn|mvnw|mvnd",
     "-f|--file|-pl|--projects|-P|--activate-profiles|-s|--settings|-gs|-T|--threads|-rf|-l|-t|-D"},
    {"tox|nox",
     "-e|-c|-f|-s|-k|-t|-p|--session|--sessions|--envlist|--workdir|--conf|--result-json|--parallel"},
    {"manage.py|django-admin|django", "--settings|--pythonpath|-v|--verbosity"},
    {"flask|quart", "--app|-A|-e|--env-file"},
    {"alembic", "-c|--config|-n|--name|-x"},
    {"hatch", "-e|--env|-p|--project"},
    {"dotnet", "--framework|-f|-c|--configuration|--project|--logger|--filter|--settings|--runtime|-r|-v"},
    {"rake|rails", "-f|--rakefile|-C|--directory|-I|-r|-e"},
    {"bazel|bazelisk", "--bazelrc|--output_base|--output_user_root"},
    {"stack", "--resolver|--stack-yaml|--work-dir|--compiler|-j|--docker-image"},
    {"cabal", "--project-file|-w|--with-compiler|--builddir|--config-file"},
    {"goose|migrate|dbmate|tern|sqlx|flyway|liquibase|sea-orm-cli|atlas|diesel|sql-migrate|sqitch",
     "-dir|-d|-path|-database|-source|--dir|--url|-u|-e|--env|--migrations-dir|-s|--migrations-path|"
     "-table|--config|-c|--source|--database|--database-url|-D|--env-file|--schema|--manifest-path"},
    {"turbo|nx|lerna|ng|rush",
     "--filter|-F|--scope|--ignore|--concurrency|--cache-dir|-p|--projects|-c|--configuration|-o"},
    {"deno", "-c|--config|-f|--filter|--import-map|--cwd|--lock"},
    {"composer", "-d|--working-dir"},
    {"artisan", "--env|--database|--path"},
    {"node|tsx|ts-node", "-r|--require|--import|--loader|--env-file|-P|--project|--test-reporter|--tsconfig"},
    {"swift|xcodebuild|meson|zig",
     "--package-path|-c|--configuration|-C|--scratch-path|-scheme|-destination|-project|-workspace|-sdk|"
     "-configuration|-derivedDataPath|-resultBundlePath|--build-path|-Xswiftc|-Xcc|--triple"},
    {"cmake", "--preset|--config|-B|-S|-G|-j|--parallel"},
    {"ninja|ninja-build", "-C|-f|-j|-k|-l|-d"},
    {"node-pg-migrate|db-migrate|knex|sequelize|prisma|drizzle-kit",
     "--env|-e|--knexfile|--config|--schema|--cwd"},
};

constexpr OpenEnded kOpenEnded[] = {
    {"cargo|cross",
     "build|b|check|c|clippy|fmt|doc|d|install|uninstall|publish|clean|update|fetch|tree|metadata|add|remove|"
     "generate-lockfile|package|vendor|login|owner|deny|audit|machete|udeps|outdated|semver-checks|bench|"
     "rustc|"
     "rustdoc|fix|expand|binstall|init|new|search|yank|locate-project|sweep|cache|about|hack|llvm-cov|"
     "nextest|"
     "insta|miri|tarpaulin|sqlx|zigbuild|ndk|auditable|msrv|vet|deb|release|chef|bloat|geiger|component|dist|"
     "cyclonedx|test|t|version|help|config"},
    {"gradle|gradlew",
     "assemble*|*:assemble*|compile*|*:compile*|classes|*Classes|jar|*Jar|publish*|*:publish*|clean|*:clean|"
     "dependencies|spotless*|*:spotless*|ktlint*|detekt*|lint*|*:lint*|help|tasks|javadoc|dokka*|wrapper|"
     "properties|bundle*|*:bundle*|generate*|*:generate*|install*|*:install*|sign*|projects|apiCheck|"
     "buildHealth|checkstyle*|spotbugs*|pmd*|sonar|sonarqube|shadowJar|bootJar|installDist|distZip|build|"
     "check|test|*test*"},
    {"rake|rails|drake",
     "assets:*|db:create|db:drop|db:seed|db:version|db:migrate:status|routes|about|notes|stats|tmp:*|log:"
     "clear|"
     "zeitwerk:check|rubocop*|yard|build|release*|install|compile|-*|secret|credentials:*|webpacker:*|"
     "javascript:build|css:build|test:prepare|generate|g|server|s|console|c|new"},
    {"mix",
     "deps.*|compile|format|credo|dialyzer|hex.*|archive.*|local.*|ecto.create|ecto.drop|ecto.gen.*|docs|"
     "release|"
     "phx.*|assets.*|clean|new|escript.*|sobelow|xref|esbuild*|tailwind*|gettext.*|help|do"},
    {"sbt|sbtn|sbtx|mill|millw",
     "compile|*/"
     "compile|*.compile|*:compile|clean|update|publish*|assembly|package|doc|scalafmt*|scalafix*|+compile|"
     "headerCheck*|mimaReportBinaryIssues|unidoc|version|*.jar|*.assembly|docs/*"},
    {"ninja|ninja-build|samu|scons|waf|b2",
     "all|install|clean|build|*.a|*.so|*.o|*docs*|format|clang-format|clang-tidy|lint|configure|distclean"},
    {"zig", "build|fmt|cc|c++|version|env|fetch|init|build-exe|build-lib|build-obj|ast-check"},
    {"swift", "build|package|format|--version|sdk"},
    {"bazel|bazelisk|pants|buck2|buck|plz|please",
     "build|query|cquery|aquery|info|clean|fetch|sync|shutdown|version|mod|lint|fmt|check|package|generate-"
     "lockfiles"},
    {"dotnet",
     "build|restore|publish|pack|clean|tool|nuget|format|sln|add|list|new|workload|dev-certs|--info|--list-"
     "sdks|"
     "build-server|remove|msbuild|store|sdk|ef|test"},
    {"cabal|stack|dune|esy|opam",
     "build|v2-build|new-build|update|install|setup|configure|freeze|haddock|sdist|check|clean|init|switch|"
     "repo|pin|"
     "depext|lint|lock|fmt|subst|ls|path|upgrade|list|env|show|config|option|remote|get|outdated|upload|gen-"
     "bounds"},
    {"lein|ant|fastlane|clojure|clj",
     "deps|compile|uberjar|jar|install|clean|check|build|dist|package|-P|lint|eastwood|kibit|cljfmt|deploy"},
    {"spin", "build|docs|gdb|python|ipython|shell|sdist|lint|mypy|notes|authors|smoke-docs"},
    {"flutter|dart|melos",
     "pub|build|analyze|format|doctor|config|precache|clean|fix|compile|bootstrap|bs|create|devices|upgrade|"
     "gen-l10n|"
     "doc|channel|get|version|activate"},
    {"hatch", "build|version|publish|fmt|env|config|project|dep|python|new|status|clean|shell|self"},
};

}  // namespace

std::span<const std::string_view> other_programs() {
  return kOther;
}
std::span<const OpenEnded> open_ended() {
  return kOpenEnded;
}
std::span<const Options> options() {
  return kOptions;
}

}  // namespace exitgate::commands
