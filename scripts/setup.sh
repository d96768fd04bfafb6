# Sourced by scripts/gates and scripts/test: the packages that the build and the suite need, installed when one is missing.
# Expects: install (yes or no). Nothing is done and nothing is said when all are there.

packages=(
  # the build
  cmake ninja-build g++ ccache pkg-config git ca-certificates
  libpq-dev libyaml-cpp-dev libtomlplusplus-dev libssl-dev libgtest-dev libgmock-dev
  libsqlite3-dev libtree-sitter-dev libpg-query-dev libzstd-dev zlib1g-dev libre2-dev libpugixml-dev
  nlohmann-json3-dev libcli11-dev libfmt-dev
  # the embedded database, and the sample's own migrations
  postgresql postgresql-client alembic python3-psycopg2
)

die() {
  printf 'exitgate: %s\n' "$1" >&2
  [ $# -lt 2 ] || printf '  > %s\n' "$2" >&2
  exit 2
}

missing_packages() {
  local package
  for package in "${packages[@]}"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || printf '%s\n' "$package"
  done
}

set_up() {
  command -v dpkg-query >/dev/null 2>&1 || return 0 # not Debian: CMake says what it does not find
  local missing root=()
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$install" = no ]; then
    printf 'exitgate: packages are missing, and --no-install was given: %s\n' "${missing[*]}" >&2
    return 0
  fi
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null 2>&1 ||
      die "these packages are missing: ${missing[*]}" "run as root, or install them: apt-get install ${missing[*]}"
    root=(sudo)
  fi
  printf 'Installing the packages that are missing: %s\n' "${missing[*]}"
  local log
  log=$(mktemp)
  # The lists may be old or absent on a fresh machine.
  if ! { "${root[@]}" apt-get update && "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    die "the packages could not be installed" "see above, or install them by hand: apt-get install ${missing[*]}"
  fi
  rm -f "$log"
}

# "75 s", "2 min 5 s".
duration() {
  if [ "$1" -lt 60 ]; then printf '%d s' "$1"; else printf '%d min %d s' $(($1 / 60)) $(($1 % 60)); fi
}

# Configures and builds a preset, or only the targets named behind it. Quiet when there is nothing to do; a long build says how far it is every 10 seconds, on
# a line of its own, and what CMake and the compiler say is shown when they fail.
build_preset() {
  local preset=$1 log began=$SECONDS shown=0 last
  local targets=()
  shift
  [ $# -eq 0 ] || targets=(--target "$@")
  log=$(mktemp)
  if [ ! -f "build/$preset/build.ninja" ]; then
    printf 'Configuring %s\n' "$preset"
  fi
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die "CMake could not configure the build" "see its messages above"
  fi
  NINJA_STATUS='[%f/%t] ' cmake --build --preset "$preset" "${targets[@]}" >"$log" 2>&1 &
  local build=$!
  # shellcheck disable=SC2064
  trap "kill $build 2>/dev/null || true" INT TERM
  while kill -0 "$build" 2>/dev/null; do
    sleep 0.1
    if [ $((SECONDS - began - shown)) -ge 10 ]; then
      shown=$((SECONDS - began))
      last=$(grep -o '^\[[0-9]*/[0-9]*\]' "$log" | tail -n 1)
      printf 'Building %s: %s after %s\n' "$preset" "${last:-[0]}" "$(duration "$shown")"
    fi
  done
  trap - INT TERM
  if ! wait "$build"; then
    grep -v '^\[[0-9]*/[0-9]*\] ' "$log" >&2 || cat "$log" >&2
    rm -f "$log"
    die "the build failed" "see above; one file at a time: cmake --build --preset $preset -j1"
  fi
  rm -f "$log"
  [ "$shown" -eq 0 ] || printf 'Built %s in %s\n' "$preset" "$(duration $((SECONDS - began)))"
}
