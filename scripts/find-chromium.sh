#!/usr/bin/env bash
# Prints the path of a Chromium for the browser walks. Debian's headless shell comes first, for it draws no window of its own and
# takes a third less; it is installed when we may. Any other Chromium or Chrome does as well.
set -euo pipefail
find_one() {
  for name in "$@"; do
    command -v "$name" 2>/dev/null && return 0
  done
  return 1
}
install_one() {
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 || return 1
  echo "Installing Debian's $1 for the browser walks." >&2
  { timeout 120 apt-get update -qq && DEBIAN_FRONTEND=noninteractive timeout 300 apt-get install -qq -y --no-install-recommends "$1"; } >/dev/null 2>&1
}
find_one ${CHROMIUM:-} chromium-headless-shell && exit 0
install_one chromium-headless-shell && find_one chromium-headless-shell && exit 0
find_one chromium chromium-browser google-chrome google-chrome-stable && exit 0
install_one chromium && find_one chromium && exit 0
echo "No Chromium here and none could be installed: the browser walks will fail. Install chromium, or name one in CHROMIUM." >&2
