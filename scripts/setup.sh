#!/usr/bin/env bash
# Installs what building Demarc needs on Debian or Ubuntu, and only what is missing. Safe to run again.
#
#   scripts/setup.sh            # the build
#   scripts/setup.sh --test     # also what tests compare with: Python's YAML reader, JSON schemas, a Kubernetes API server, and today's Kubernetes as libraries
#   scripts/setup.sh --bench    # also what Benchmarks/ needs
set -euo pipefail

say() { printf 'setup: %s\n' "$*"; }
die() { printf 'setup: %s\n' "$*" >&2; exit 1; }

wanted=()
want() { # test-command package
    if eval "$1" >/dev/null 2>&1; then say "$2 is there"; else wanted+=("$2"); fi
}

[ $# -le 1 ] || die "too many arguments; give one of --test, --bench"
case ${1:-} in '' | --test | --bench) ;; *) die "unknown argument '$1'; give --test or --bench" ;; esac

if ! command -v swift >/dev/null; then
    die "swift is missing; install Swift 6.3 or newer from https://www.swift.org/install and put its bin directory into PATH"
fi
version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p' | head -n 1)
read -r major minor <<<"${version:-0 0}"
if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 3 ]; }; then
    die "Swift $major.$minor is too old; install Swift 6.3 or newer from https://www.swift.org/install"
fi
say "Swift $major.$minor is there"

want 'pkg-config --exists yaml-0.1 || test -e /usr/include/yaml.h' libyaml-dev
want 'pkg-config --exists zlib || test -e /usr/include/zlib.h' zlib1g-dev
want 'pkg-config --exists sqlite3 || test -e /usr/include/sqlite3.h' libsqlite3-dev
want 'command -v pkg-config' pkg-config
if [ "${1:-}" = --test ]; then
    want 'python3 -c "import yaml"' python3-yaml
    want 'python3 -c "import jsonschema"' python3-jsonschema
    want 'python3 -c "import regex"' python3-regex
    want 'command -v curl' curl
    want 'command -v openssl' openssl
    # A real sandbox; only root can start one.
    if [ "$(id -u)" -eq 0 ]; then
        want 'command -v containerd && command -v ctr' containerd
        want 'command -v runc' runc
        want 'command -v runsc' runsc
        want 'command -v busybox && ! ldd "$(command -v busybox)"' busybox-static
    fi
fi
if [ "${1:-}" = --bench ]; then
    want 'command -v python3' python3
    want 'python3 -c "import ensurepip"' python3-venv
fi

install() {
    command -v apt-get >/dev/null ||
        die "this system has no apt-get; install by hand what corresponds to: ${wanted[*]}"

    run=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || die "neither root nor sudo; as root run: apt-get install ${wanted[*]}"
        run=(sudo)
        # Without a terminal nobody could type a password: fail at once instead of waiting.
        [ -t 0 ] || run=(sudo -n)
    fi

    say "installing ${wanted[*]}"
    "${run[@]}" apt-get update -qq || say "the package lists could not be refreshed; trying with those that are there"
    "${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${wanted[@]}" >/dev/null ||
        die "apt-get failed; see its lines above, and run by hand: apt-get install ${wanted[*]}"
    say "done"
}

if [ ${#wanted[@]} -eq 0 ]; then say "nothing to install"; else install; fi

# Needs no rights. What cannot be had here, tests go without, and say so; a build that fails is an error.
cluster() { # script verb what
    local code=0 folder
    folder=$("$(dirname "$0")/$1" "$2") || code=$?
    case $code in
    0) say "$3 there: $folder" ;;
    69) say "going on without; tests that need it are skipped" ;;
    *) exit "$code" ;;
    esac
}
if [ "${1:-}" = --test ]; then
    cluster kube-apiserver.sh assets "the API server is"
    cluster kube-apiserver.sh tools "kubectl and helm are"
    cluster modern-apiserver.sh assets "today's Kubernetes is"
fi
