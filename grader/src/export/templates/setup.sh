#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image.
set -euo pipefail
source=${AUTOGRADER:-/autograder}/source
cd "$source/boxstep"

# The set-up wants Node 18 or later, and Ubuntu 22.04's is older: that one fetches the lock file's.
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' 2>/dev/null; then
  apt-get update
  apt-get install -y nodejs npm
  npm install --global --prefix /usr/local "node@$(sed -n 's/^  node@\([0-9.]*\):.*/\1/p' pnpm-lock.yaml | head -n 1)"
  hash -r
fi
node scripts/setup.mjs install
