#!/usr/bin/env bash
# Builds the components of a Kubernetes version, unless an earlier run did from
# the same inputs, and prints where the binary is: build.sh 1.30
set -euo pipefail
cd "$(dirname "$0")"
module="kubernetes-$1.mod"
version=$(sed -n 's/^\tk8s.io\/kubernetes v//p; s/^require k8s.io\/kubernetes v//p' "$module" | head -1)

inputs=$( (go version; cat main.go "$module" "${module%.mod}.sum" "${BASH_SOURCE##*/}") | sha256sum | cut -c1-16)
binary="${XDG_CACHE_HOME:-$HOME/.cache}/cdk8s-client-ip-lab/$version/components-$inputs"

if [ ! -x "$binary" ]; then
  echo "cluster lab: building Kubernetes $version, a quarter of an hour from nothing" >&2
  # Unstamped, the API server calls itself v0.0.0 and misreads its feature gates.
  stamp=k8s.io/component-base/version
  minor=${version#1.}
  mkdir -p "${binary%/*}"
  CGO_ENABLED=0 nice -n 19 go build -modfile="$module" -trimpath -o "$binary.partial" -ldflags "-s -w \
    -X $stamp.gitVersion=v$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=${minor%.*}" . >&2
  mv "$binary.partial" "$binary"
fi
echo "$binary"
