#!/usr/bin/env bash
# Makes .venv from the locked requirements, with the project itself in it. Safe to repeat.
# With uv when it is there (seconds), else with Python's own venv and pip (a few minutes).
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "OpenPRM needs Python 3.11 or newer; '$python' is $("$python" --version 2>&1 || echo missing). Name another: make setup PYTHON=python3.12" >&2
  exit 2
}
locks=(requirements/dev.txt requirements/build.txt)
if command -v uv >/dev/null 2>&1; then
  [ -x .venv/bin/python ] || uv venv --quiet --python "$("$python" -c 'import sys; print(sys.executable)')" .venv
  uv pip sync --quiet --require-hashes --compile-bytecode --python .venv/bin/python "${locks[@]}"
  uv pip install --quiet --no-deps --no-build-isolation --python .venv/bin/python --editable .
else
  [ -x .venv/bin/pip ] || "$python" -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes "${locks[@]/#/-r}"
  .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
fi
