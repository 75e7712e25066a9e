#!/bin/sh
# Reviews a second of a webhook beside the same server with nothing to decide, in turns on the same machine, so that what else runs there touches both.
#   compare.sh URL [BODY]      after: swift build -c release
set -eu
url=$1
body=${2:+--body "$2"}
cd "$(dirname "$0")"
bin=.build/release
out=$(mktemp)
"$bin/AdmissionBaseline" > "$out" &
baseline=$!
trap 'kill $baseline; rm -f "$out"' EXIT
while [ ! -s "$out" ]; do kill -0 $baseline; sleep 0.1; done
for round in 1 2 3; do
    for target in "$(cat "$out")" "$url"; do
        # shellcheck disable=SC2086
        printf '%s  %s\n' "$("$bin/AdmissionLoad" "$target" $body --seconds 5 --warmup 1)" "$target"
    done
done | tee /dev/stderr | awk -v url="$url" '
    { if ($NF == url) { own += $1 } else { empty += $1 } }
    END { printf "%d%% of the empty handler\n", 100 * own / empty }'
