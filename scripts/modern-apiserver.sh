#!/usr/bin/env bash
# What today's Kubernetes makes of our definitions, policies and webhooks, for tests: its libraries, built once into one program.
#
#   scripts/modern-apiserver.sh assets [--no-build]    print the folder that holds modern-apiserver and etcd
#
# scripts/modern-apiserver/main.go says what the program does. scripts/kube-apiserver.sh has a whole API server, of an older Kubernetes: Debian has no
# newer one's source. It does have the libraries that API servers are made of, as packages, in sid. They and sid's Go and etcd are fetched from the
# machine's own mirror and unpacked into DEMARC_CACHE (~/.cache/demarc): nothing is installed, apt's configuration stays as it is, and no rights are
# needed.
#
# sid is never the same for long. What does not build there is written down in DEMARC_CACHE and not tried again for a week, or until that file is removed:
# tests go without, as where there is no mirror.
#
# Exit codes: 0, 1 (failed), 64 (wrong arguments), 69 (cannot be had here; one line says what is missing).
set -euo pipefail
shopt -s inherit_errexit
umask 077

me=modern-apiserver
. "$(dirname "$0")/built-once.bash"

sources=$(cd "$(dirname "$0")/modern-apiserver" && pwd -P)
# Counts up when the steps below change; the sources count by themselves.
recipe=1-$(cat "$sources"/*.go | sha256sum | cut -c 1-12)
refused=$cache/modern-$recipe.refused
# What is checked for, and what is found by type: every kind that holds a Pod, and what these are made of.
kinds=(k8s.io/api/core/v1 k8s.io/api/apps/v1 k8s.io/api/batch/v1 k8s.io/apimachinery/pkg/apis/meta/v1 k8s.io/apimachinery/pkg/runtime
    k8s.io/apimachinery/pkg/version k8s.io/apimachinery/pkg/api/resource k8s.io/apimachinery/pkg/util/intstr)

# A folder gets its name only when it is complete.
built() {
    local folder
    folder=$(find "$cache" -maxdepth 1 -name "modern-*-$recipe" -type d 2>/dev/null | sort -V | tail -n 1)
    [ -n "$folder" ] && printf '%s\n' "$folder"
}

assets() {
    if built; then return; fi
    if [ -n "$(find "$refused" -mtime -7 2>/dev/null)" ]; then unavailable "$(head -n 1 "$refused"); remove $refused to try it again"; fi
    [ "${1:-}" != --no-build ] || unavailable "today's Kubernetes is not built yet; run scripts/modern-apiserver.sh assets"
    with_lock build
    built || die "the build left nothing in $cache"
}

build() {
    if built >/dev/null; then return; fi
    local tool
    for tool in apt-get dpkg-deb sha256sum; do
        command -v "$tool" >/dev/null || unavailable "today's Kubernetes is built from Debian's packages, and $tool is missing"
    done
    [ "$(df --output=avail -k "$cache" | tail -n 1)" -ge 4000000 ] || unavailable "the build needs 4 GB in $cache; make room or set DEMARC_CACHE"
    say "building today's Kubernetes' libraries once into $cache; this takes some minutes"
    (
        cd "$work"
        fetch
        compile
    )
}

# The mirror from which the machine has its own release has sid, too. Its lists are signed, and tell the sum of each package.
fetch() {
    local id codename mirror package names log=$work/apt.log
    . /etc/os-release
    id=${ID:-} codename=${VERSION_CODENAME:-}
    [ "$id" = debian ] || unavailable "today's Kubernetes is built from packages of Debian, and this is ${PRETTY_NAME:-another system}"
    mkdir -p apt/parts apt/lists/partial apt/cache/archives/partial debs
    mirror=$(apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' | sed -n "s/^$codename main //p" | head -n 1)
    [ -n "$mirror" ] || unavailable "the machine's package sources do not name a mirror of Debian $codename"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror sid main" >apt/sources.list
    : >apt/status
    say "1/4 asking the machine's package mirror for sid"
    sid apt-get update >"$log" 2>&1 || true
    packages_of_sid >names 2>>"$log" && [ -s names ] ||
        unavailable "the package mirror cannot be reached or has no libraries of Kubernetes: $(grep -m 1 '^[EW]:' "$log" || true)"
    say "2/4 fetching $(wc -l <names) packages"
    (cd debs && mapfile -t names <../names && sid apt-get download "${names[@]}") >>"$log" 2>&1 ||
        unavailable "the packages could not be fetched: $(grep '^E:' "$log" | tail -n 1)"
    # Kubernetes 1.36.4 is 0.36.4 of its libraries.
    release=$(dpkg-deb --show --showformat '${Version}' debs/golang-k8s-apiserver-dev_*.deb)
    release=1.${release#*.}
    release=${release%%[-+~]*}
    for package in debs/*.deb; do
        dpkg-deb --extract "$package" programs
        rm "$package"
    done
}

# Of a machine on which nothing is installed, so that what is needed is all there.
sid() {
    private_apt "$@" -o Dir::State::status="$work/apt/status" -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
        -o APT::Default-Release= -o APT::Install-Recommends=false
}

# What the libraries depend on, less what no Go program is made of.
packages_of_sid() {
    sid apt-get install --yes --print-uris golang-k8s-apiextensions-apiserver-dev golang-k8s-apiserver-dev golang-k8s-kube-openapi-dev etcd-server |
        sed -n -E "s/^'[^']*' ([^_]*)_.*/\1/p" | grep -E '^(golang-.*-dev|golang-[0-9.]+-(go|src)|etcd-server)$'
}

compile() {
    local log=$cache/modern-build.log part flags="-s -w"
    for part in gitVersion="v$release" gitMajor=1 gitMinor="$(cut -d. -f2 <<<"$release")"; do flags+=" -X k8s.io/component-base/version.$part"; done
    export GOROOT GOPATH=$work/ours:$work/programs/usr/share/gocode GOCACHE=$work/gocache GO111MODULE=off GOTOOLCHAIN=local CGO_ENABLED=0 GOFLAGS=-p=2
    GOROOT=$(find "$work/programs/usr/lib" -maxdepth 1 -name 'go-*' | sort -V | tail -n 1)
    PATH=$GOROOT/bin:$PATH
    mkdir -p ours/src/demarc/openapi programs/stage
    cp -r "$sources" ours/src/demarc/modern-apiserver
    : >header
    say "3/4 generating the definitions of Kubernetes' types"
    { go build -o openapi-gen k8s.io/kube-openapi/cmd/openapi-gen && ./openapi-gen --go-header-file header --output-dir ours/src/demarc/openapi \
        --output-pkg demarc/openapi --output-file generated.go --report-filename violations "${kinds[@]}"; } >"$log" 2>&1 || refuse "$log"
    say "4/4 compiling"
    go build -ldflags "$flags" -o programs/stage/modern-apiserver demarc/modern-apiserver >>"$log" 2>&1 || refuse "$log"
    mv programs/usr/bin/etcd programs/stage/etcd
    # A program of sid may want a newer system than this one.
    programs/stage/etcd --version >>"$log" 2>&1 || refuse "$log"
    chmod -R go+rX programs/stage
    mv -T programs/stage "$cache/modern-$release-$recipe"
    rm -f "$log"
    say "done: $cache/modern-$release-$recipe"
}

refuse() {
    echo "sid's libraries of Kubernetes could not be built on $(date +%F): $(tail -n 1 "$1"); all of it is in $1" >"$refused"
    unavailable "$(head -n 1 "$refused"); remove $refused to try it again"
}

main() {
    [ "${1:-}" = assets ] && [ $# -le 2 ] && [[ ${2:-} =~ ^(|--no-build)$ ]] || misused "give assets, and --no-build if nothing is to be built"
    assets "${2:-}"
}

# On one line: bash reads a script as it goes, and this one may be replaced (by a git pull, say) while it builds.
main "$@"; exit
