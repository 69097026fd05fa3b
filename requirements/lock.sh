#!/bin/sh
# Pins the dependencies with hashes, one file for all supported Pythons and systems; names no index or host.
set -eu
cd "$(dirname "$0")/.."

tool=.make/lock
[ -x "$tool/bin/uv" ] || { python3 -m venv "$tool" && "$tool/bin/python" -m pip install --quiet uv; }

pin() { # pin FILE [option ...]: what the package needs, and what builds it
    pin_from "$@" pyproject.toml requirements/build.in
}

pin_from() { # pin_from FILE [option ...] SOURCE...
    file=requirements/$1
    shift
    "$tool/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-emit-index-url --no-emit-find-links --output-file "$file" "$@"
    if grep -nE '://|(^|[ "])/|file:| @ ' "$file"; then
        echo "$file: names a host or a path of this machine (lines above)" >&2
        exit 1
    fi
}

pin_from node.txt "$@" requirements/node.in
pin runtime.txt "$@"
pin nlp.txt --constraint requirements/runtime.txt --extra nlp "$@"
pin dev.txt --constraint requirements/nlp.txt --extra dev --extra nlp "$@"
pin bench.txt --constraint requirements/dev.txt --extra dev --extra nlp --extra bench "$@"
