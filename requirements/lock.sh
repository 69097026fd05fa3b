#!/bin/sh
# Pins the dependencies with hashes, one file for all supported Pythons and systems; names no index or host.
set -eu
cd "$(dirname "$0")/.."

tool=.make/lock
[ -x "$tool/bin/uv" ] || { python3 -m venv "$tool" && "$tool/bin/python" -m pip install --quiet uv; }

pin() { # pin FILE [option ...]
    file=requirements/$1
    shift
    "$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --output-file "$file" "$@" pyproject.toml requirements/build.in
    if grep -nE '://|(^|[ "])/|file:| @ ' "$file"; then
        echo "$file: names a host or a path of this machine (lines above)" >&2
        exit 1
    fi
}

pin runtime.txt "$@"
pin dev.txt --constraint requirements/runtime.txt --extra dev "$@"
pin bench.txt --constraint requirements/dev.txt --extra dev --extra bench "$@"
