#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the autograder's image.
set -euo pipefail
source=${AUTOGRADER:-/autograder}/source

# The set-up wants Node 18 or later, and Ubuntu 22.04's is older. It then brings the course's own Node along.
if ! node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 18)' 2>/dev/null; then
  apt-get update
  apt-get install -y ca-certificates curl
  curl -fsSL https://deb.nodesource.com/setup_22.x | bash -
  apt-get install -y nodejs
fi
cd "$source/boxstep"
node scripts/setup.mjs install
