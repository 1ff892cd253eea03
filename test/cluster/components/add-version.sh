#!/usr/bin/env bash
# Writes the module files of a Kubernetes version: add-version.sh 1.30.14
#
# k8s.io/kubernetes pins its staging modules to v0.0.0 and replaces them with
# its own folders; whoever requires it must replace each by its published version.
set -euo pipefail
cd "$(dirname "$0")"
version=$1
module="kubernetes-${version%.*}.mod"

upstream=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
{
  echo 'module cdk8s-client-ip/cluster-lab'
  echo
  grep '^go ' "$upstream"
  echo
  echo "require k8s.io/kubernetes v$version"
  echo
  echo 'replace ('
  sed -n "s|^\t\(k8s.io/[a-z0-9-]*\) => ./staging/.*|\t\1 => \1 v0.${version#1.}|p" "$upstream"
  echo ')'
} >"$module"
go mod tidy -e -modfile="$module"
