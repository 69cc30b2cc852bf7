#!/usr/bin/env bash
# The locked requirements and the front end's lock name no index, no address and no file of one machine,
# and every requirement carries a hash.
set -euo pipefail
cd "$(dirname "$0")/.."
if grep -niE 'https?:|file:|--(extra-)?index|--find-links' requirements/*.txt; then
  echo "requirements/*.txt must name no index and no address (lock with: make lock)" >&2
  exit 1
fi
if grep -n '"resolved"' frontend/package-lock.json; then
  echo "frontend/package-lock.json must hold no download address (frontend/.npmrc says how)" >&2
  exit 1
fi
for file in requirements/*.txt; do
  awk -v file="$file" '/^[A-Za-z0-9]/ { if (name && !hash) { print file ": " name " has no hash"; bad = 1 } name = $1; hash = 0 }
    /--hash=/ { hash = 1 } END { if (name && !hash) { print file ": " name " has no hash"; bad = 1 } exit bad }' "$file" >&2
done
