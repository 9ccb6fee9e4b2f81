#!/bin/sh
# Installs what the course wants on Debian or Ubuntu; the Vagrantfile's machine runs it. As root:
#
#   sudo scripts/provision.sh
#
# It may run again at any time: what is there is left alone.
set -eu

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)

say() {
  printf 'provision: %s\n' "$*"
}

fail() {
  printf 'provision: %s\n' "$*" >&2
  exit 1
}

# Installs the packages whose program isn't on PATH, given as program=package.
packages() {
  missing=
  for pair in "$@"; do
    command -v "${pair%%=*}" >/dev/null || missing="$missing ${pair#*=}"
  done
  [ -n "$missing" ] || return 0
  say "installing$missing"
  apt-get update -qq
  # shellcheck disable=SC2086 # a list
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# The pnpm that package.json pins.
pnpm() {
  pinned=$(node -p 'require(process.argv[1]).config.pnpm' "$root/package.json")
  [ "$(command pnpm --version 2>/dev/null || true)" != "$pinned" ] || return 0
  say "installing pnpm $pinned"
  npm install --global --silent "pnpm@$pinned"
}

# Ubuntu lets only programs with an AppArmor profile be root in a user namespace, which step 9 is about.
user_namespaces() {
  setting=kernel.apparmor_restrict_unprivileged_userns
  [ -e /proc/sys/kernel/apparmor_restrict_unprivileged_userns ] || return 0
  file=/etc/sysctl.d/60-boxstep.conf
  say "allowing user namespaces without root ($file)"
  printf '# Boxstep, step 9: user namespaces for every program\n%s = 0\n' "$setting" >"$file"
  sysctl --quiet -w "$setting=0"
}

[ "$(id -u)" -eq 0 ] || fail "this installs packages, which takes root: sudo $0"
command -v apt-get >/dev/null || fail 'this uses apt-get, and there is none: install by hand what scripts/provision.sh names'

PATH=$PATH:/usr/sbin:/sbin
packages node=nodejs npm=npm git=git busybox=busybox-static ip=iproute2 nft=nftables newuidmap=uidmap cc=build-essential
pnpm
user_namespaces
say 'done; as your own user: npm start'
