#!/usr/bin/env bash
# How long until the first page? (a) from a fresh clone, with nothing made yet; (b) the second start.
# Works in a folder of its own and removes it. Prints both figures, with the parts of the first.
#   bench/start.sh            goals: under 300 s and under 15 s
set -euo pipefail
set -m  # a process group for the server, so that it can be stopped as Ctrl-C does
source=$(cd "$(dirname "$0")/.." && pwd)
place=$(mktemp -d "${TMPDIR:-/tmp}/openprm-start-XXXXXX")
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
server=
now() { date +%s.%N; }
since() { awk -v a="$1" -v b="$(now)" 'BEGIN { printf "%.1f", b - a }'; }

stop() {
  if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
    kill -INT -- "-$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  server=
}
leave() {
  stop
  data=$(readlink -f "$place/clone/.openprm/postgres" 2>/dev/null || true)
  for _ in $(seq 100); do [ -e "$data/data/postmaster.pid" ] || break; sleep 0.1; done
  rm -rf "$place"
  case $data in /var/lib/openprm/postgres-*) rm -rf "$data" ;; esac
}
trap leave EXIT
trap 'exit 130' INT TERM

first_page() {  # the sign-in page of a system that has its demo ecosystem
  local deadline=$((SECONDS + 900))
  until curl -fsS -o /dev/null --max-time 5 "http://127.0.0.1:$port/auth/login/" 2>/dev/null; do
    kill -0 "$server" 2>/dev/null || { echo "the server ended before it served a page:" >&2; tail -20 "$place/log" >&2; exit 1; }
    [ $SECONDS -lt $deadline ] || { echo "no page after 900 s:" >&2; tail -20 "$place/log" >&2; exit 1; }
    sleep 0.1
  done
}

unset OPENPRM_DATA DATABASE_URL OPENPRM_DB_ROLE VIRTUAL_ENV
start=$(now)
git clone --quiet --no-hardlinks "$source" "$place/clone"
cd "$place/clone"
make setup >"$place/log" 2>&1 || { tail -20 "$place/log" >&2; exit 1; }
setup=$(since "$start")
make demo PORT="$port" >>"$place/log" 2>&1 &
server=$!
first_page
fresh=$(since "$start")
stop

again=$(now)
make demo PORT="$port" >>"$place/log" 2>&1 &
server=$!
first_page
second=$(since "$again")
stop

echo "fresh clone to first page: $fresh s (goal 300 s; environment and front end $setup s of it)"
echo "second start to first page: $second s (goal 15 s)"
