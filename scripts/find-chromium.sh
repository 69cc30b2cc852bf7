#!/usr/bin/env bash
# Prints the path of a Chromium for the browser walks: the one that is there, else Debian's, installed when we may.
set -euo pipefail
find_one() {
  for name in ${CHROMIUM:-} chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" 2>/dev/null && return 0
  done
  return 1
}
if ! find_one; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium on this machine: installing Debian's." >&2
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium; } >/dev/null 2>&1 || true
  fi
  find_one || echo "No Chromium here and none could be installed: the browser walks will fail. Install chromium, or name one in CHROMIUM." >&2
fi
