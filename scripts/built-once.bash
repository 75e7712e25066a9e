# Shared by the scripts that build a program for tests, once, outside the checkout. Sourced, with `me` set to the name that they speak under.
#
# Nothing is installed, apt's configuration of the machine stays as it is, and no rights are needed.

say() { printf '%s: %s\n' "$me" "$*" >&2; }
die() { say "$*"; exit 1; }
misused() { say "$*; the head of $0 shows the arguments"; exit 64; }
unavailable() { say "$*"; exit 69; }

cache=${DEMARC_CACHE:-${XDG_CACHE_HOME:-${HOME:?HOME is not set; set DEMARC_CACHE}/.cache}/demarc}
# A relative path is meant from where the script was called, not from where it goes.
case $cache in /*) ;; *) cache=$PWD/$cache ;; esac

# One run at a time, and none finds what another has half done. What a killed run left is removed by the next.
with_lock() {
    mkdir -p "$cache" 2>/dev/null || unavailable "$cache cannot be written; set DEMARC_CACHE to a folder that can"
    exec 8>"$cache/lock"
    if ! flock --nonblock 8; then
        say "another run is at it; waiting"
        flock --timeout 1800 8 || die "another run has held $cache/lock for half an hour; look what it does"
    fi
    rm -rf "$cache"/unfinished.*
    work=$(mktemp -d "$cache/unfinished.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    "$1"
    rm -rf "$work"
    trap - EXIT
    exec 8>&-
}

# apt with a configuration of our own beside the machine's: sources and lists are those below $work/apt.
private_apt() {
    local command=$1
    shift
    "$command" -q -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts="$work/apt/parts" -o Dir::State::lists="$work/apt/lists" \
        -o Dir::Cache="$work/apt/cache" -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none -o Acquire::Retries=2 \
        -o Acquire::http::Timeout=30 -o Acquire::https::Timeout=30 "$@"
}
