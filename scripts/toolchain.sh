# Read by scripts/quickstart and scripts/test: the folder, Bun, the packages. Needs Node.js with npm, or Bun.
set -eu
started_in=$(pwd)
cd "$(dirname "$0")/.."
root=$(pwd -P)

bun_version=1.4.5

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$(basename "$0"): $*"
  exit 1
}

# Prints the path of the wanted Bun below .tools, whether npm ran its install script or not.
local_bun() {
  for candidate in \
    "$root"/.tools/node_modules/@oven/bun-linux-*/bin/bun \
    "$root"/.tools/node_modules/bun/bin/bun.exe; do
    if [ -x "$candidate" ] && [ "$("$candidate" --version 2>/dev/null)" = "$bun_version" ]; then
      printf '%s\n' "$candidate"
      return 0
    fi
  done
  return 1
}

# Sets $bun to a Bun of the wanted version; gets it from npm when there is none.
find_bun() {
  if [ "$(bun --version 2>/dev/null || true)" = "$bun_version" ]; then
    bun=$(command -v bun)
    return
  fi
  if bun=$(local_bun); then return; fi
  command -v npm >/dev/null || fail "needs Node.js with npm (apt-get install npm), or Bun $bun_version"
  say "getting Bun $bun_version from npm"
  npm install --prefix "$root/.tools" --no-audit --no-fund --no-save --no-update-notifier --loglevel=error \
    "bun@$bun_version" >&2 || fail "npm could not install Bun $bun_version"
  bun=$(local_bun) || fail "npm installed Bun $bun_version, but it does not run on this machine"
}

install_packages() {
  say "installing packages"
  "$bun" install --frozen-lockfile --silent || fail "the packages could not be installed"
}
