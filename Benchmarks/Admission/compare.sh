#!/bin/sh
# Reviews a second of a webhook beside two servers with nothing to decide, in turns on the same machine, so that what else runs there touches all:
# the same server with an empty handler, and Hummingbird as it comes.
#   compare.sh URL [BODY]      after: swift build -c release
set -eu
url=$1
body=${2:+--body "$2"}
bin=${BIN:-$(dirname "$0")/.build/release}
out=$(mktemp -d)
start() {
    "$bin/$1" > "$out/$1" &
    started="${started:-} $!"
    while [ ! -s "$out/$1" ]; do kill -0 $!; sleep 0.1; done
}
# shellcheck disable=SC2154,SC2086
trap 'kill $started; rm -rf "$out"' EXIT
start AdmissionBaseline
start StockBaseline
for round in 1 2 3; do
    for name in empty stock own; do
        case $name in empty) target=$(cat "$out/AdmissionBaseline") ;; stock) target=$(cat "$out/StockBaseline") ;; own) target=$url ;; esac
        # shellcheck disable=SC2086
        printf '%s  %s\n' "$("$bin/AdmissionLoad" "$target" $body --seconds 5 --warmup 1)" "$name"
    done
done | tee /dev/stderr | awk '
    { rate[$NF] += $1 }
    END { printf "%d%% of the empty handler, %d%% of Hummingbird as it comes\n", 100 * rate["own"] / rate["empty"], 100 * rate["own"] / rate["stock"] }'
