#!/bin/sh
# Starts the demo: makes the account `demo` where there is none, runs config/demo.yaml, and
# prints one link that signs the browser in. Ctrl-C stops it. The account's password is random
# and kept nowhere: `build/suraq user passwd demo -c config/demo.yaml` sets one of your own.
set -eu
suraq=${SURAQ:-build/suraq}
config=${1:-config/demo.yaml}

tmp=$(mktemp -d)
pid=
# shellcheck disable=SC2317 # called by the trap
stop() {
    [ -z "$pid" ] || kill -TERM "$pid" 2>/dev/null || true
}
trap stop INT TERM HUP
trap 'rm -rf "$tmp"' EXIT

mkdir -p data
if ! "$suraq" user list -c "$config" | grep -qw '^demo'; then
    od -An -tx1 -N16 /dev/urandom | tr -d ' \n' | "$suraq" user add demo --role admin -c "$config" >/dev/null
fi

# A named pipe, so that the one line "ready http://HOST:PORT/" is waited for and not looked for.
mkfifo "$tmp/ready"
"$suraq" run -c "$config" >"$tmp/ready" &
pid=$!
exec 3<"$tmp/ready"
if read -r word url <&3 && [ "$word" = ready ]; then
    path=$("$suraq" user link demo -c "$config") && echo "Open ${url%/}/${path#/}"
fi

# A signal ends a wait early: wait until the program itself has gone.
while :; do
    if wait "$pid"; then status=0; else status=$?; fi
    kill -0 "$pid" 2>/dev/null || break
done
exit "$status"
