#!/bin/sh
# Runs every fuzz target for SECONDS (default 60), one after the other: Fuzz/run.sh [SECONDS [TARGET…]]
# A target grows Fuzz/.build/corpus/NAME from Fuzz/Seeds/NAME. What it breaks on is kept in Fuzz/Kept/NAME; the unit tests
# replay that folder, so commit the file together with the repair.
set -eu
cd "$(dirname "$0")"
seconds=${1:-60}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- FuzzYAML FuzzJSON FuzzObjects FuzzScan FuzzGrants FuzzModels FuzzConfiguration FuzzReach FuzzReview FuzzAudit FuzzLedger
swift build -c release -Xswiftc -sanitize=fuzzer
# Swift's own crash report would end the process before libFuzzer writes down the input.
export SWIFT_BACKTRACE=enable=no
# The examples of the controls are seeds of the scan: one file each.
mkdir -p .build/examples
.build/release/ControlExamples | (cd .build/examples && split --separator='\0' --lines=1 --suffix-length=4 --filter='tr -d "\0" > "$FILE"' - example-)
for target in "$@"; do
    name=$(printf '%s' "${target#Fuzz}" | tr '[:upper:]' '[:lower:]')
    mkdir -p ".build/corpus/$name" "Kept/$name"
    if [ "$name" = scan ]; then more=.build/examples; else more=; fi
    echo "== $target for $seconds s"
    nice -n 19 ".build/release/$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="Kept/$name/" -dict="yaml.dict" ".build/corpus/$name" "Seeds/$name" $more
done
