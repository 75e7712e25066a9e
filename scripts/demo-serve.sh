#!/usr/bin/env bash
# Starts the admission server on loopback, asks it as an API server asks, and stops it.
#
#   scripts/demo-serve.sh DEMARC    the program
set -euo pipefail

program=$(realpath "${1:?the program is missing; give .build/release/demarc}")
examples=$(cd "$(dirname "$0")/../Examples/admission" && pwd)
folder=$(mktemp -d)
trap '[ -z "${server:-}" ] || kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
command -v curl >/dev/null || { echo "demo: curl is missing, so the server is not asked; install it with: apt-get install curl"; exit 0; }

show() { printf '%s\n' "$*"; }

(cd "$folder" && exec "$program" serve --standalone --listen 127.0.0.1:0 --runtime-class gvisor --log-format json --drain-delay 0 2>log) &
server=$!
for _ in $(seq 300); do
    port=$(sed -n 's/.*"message":"serving".*"port":"\([0-9]*\)".*/\1/p' "$folder/log" 2>/dev/null || true)
    [ -z "$port" ] || break
    kill -0 "$server" 2>/dev/null || { cat "$folder/log"; exit 1; }
    sleep 0.1
done
[ -n "$port" ] || { show "demo: the server did not start:"; cat "$folder/log"; exit 1; }

ask() { # path review
    curl --silent --show-error --cacert "$folder/demarc-data/ca.crt" --header 'Content-Type: application/json' \
        --data-binary "@$examples/$2" "https://localhost:$port$1"
}
text() { # key
    sed -E "s/.*$1:\"(([^\"\\\\]|\\\\.)*)\".*/\1/; s/\\\\n/\n/g; s/\\\\\"/\"/g"
}

show '$ demarc serve --standalone --runtime-class gvisor &'
show "\$ curl … https://localhost:$port/validate < Examples/admission/privileged.json"
ask /validate privileged.json | text '"Forbidden","message"'
show "\$ curl … https://localhost:$port/mutate < Examples/admission/plain.json"
ask /mutate plain.json | text '"patch"' | base64 -d | sed 's/},{/},\n {/g'
show ''
