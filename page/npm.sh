#!/bin/sh
# Runs npm: that of this machine where its Node.js is new enough, else that of a Python wheel, put beside the venv once.
# Usage: npm.sh BIN_OF_THE_VENV ARGUMENTS...
set -eu
bin=$1
shift
# The machine's own certificate authorities, which Python and git know, are not known to Node.js by itself.
for known in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt; do
    [ -n "${NODE_EXTRA_CA_CERTS:-}" ] || [ ! -f "$known" ] || export NODE_EXTRA_CA_CERTS="$known"
done
new='const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)'
if command -v npm >/dev/null && node -e "$new" 2>/dev/null; then
    exec npm "$@"
fi
own=$(cd "$bin/.." && pwd)/node
if [ ! -x "$own/bin/npm" ]; then
    echo "No Node.js 20.19 or newer here: one is set up from a Python wheel (60 MB, once) ..." >&2
    "$bin/python" -m venv "$own"
    "$own/bin/python" -m pip --disable-pip-version-check --quiet --no-input install --require-hashes \
        -r "$(dirname "$0")/../requirements/node.txt"
fi
PATH=$own/bin:$PATH exec "$own/bin/npm" "$@"
