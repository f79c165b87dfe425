# Shared by run, test and odoo: where things are, how they speak, where they stop.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
SETUP=$ROOT/setup
# shellcheck source=setup/versions
source "$SETUP/versions"

# Downloads and environments, keyed by version: may be deleted at any time.
CACHE=${PROPERTY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/property-suite}
# The private PostgreSQL cluster and Odoo's files: data, not cache.
# PostgreSQL refuses to run as root and /root is closed to others, hence /var/lib for root.
if [ -n "${PROPERTY_STATE:-}" ]; then
    STATE=$PROPERTY_STATE
elif [ "$(id -u)" = 0 ]; then
    STATE=/var/lib/property-suite
else
    STATE=${XDG_DATA_HOME:-$HOME/.local/share}/property-suite
fi

if [ -t 1 ]; then
    BOLD=$'\e[1m' RED=$'\e[31m' YELLOW=$'\e[33m' PLAIN=$'\e[0m'
else
    BOLD='' RED='' YELLOW='' PLAIN=''
fi

say() { printf '%s\n' "${BOLD}▸${PLAIN} $*" >&2; }
warn() { printf '%s\n' "${YELLOW}! $*${PLAIN}" >&2; }
die() {
    printf '%s\n' "${RED}✗ $1${PLAIN}" >&2
    shift
    for line in "$@"; do printf '%s\n' "  $line" >&2; done
    exit 1
}

# timed "what" command…: says how long a step took.
timed() {
    local what=$1 start=$EPOCHREALTIME
    shift
    "$@" || return
    say "$what ($(seconds_since "$start") s)"
}
seconds_since() { LC_ALL=C awk -v a="${1/,/.}" -v b="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.0f", b - a }'; }

# logged FILE command…: output to FILE; on failure its end is shown.
logged() {
    local log=$1
    shift
    mkdir -p "$(dirname "$log")"
    if ! "$@" >"$log" 2>&1; then
        tail -n 15 "$log" | sed 's/^/  │ /' >&2
        return 1
    fi
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# Only one process at a time prepares the machine or a shared database.
# with_lock NAME command…
with_lock() {
    local name=$1 fd
    shift
    mkdir -p "$CACHE"
    exec {fd}>"$CACHE/$name.lock"
    if ! flock -n "$fd"; then
        say "waiting for another run/test/odoo that holds “$name”…"
        flock "$fd"
    fi
    local status=0
    "$@" || status=$?
    exec {fd}>&-
    return $status
}

# Everything below needs this prepared environment; set by setup/environment.sh.
use_environment() {
    export PATH="$VENV/bin:$PATH"
    export ODOO_RC=${ODOO_RC:-$ROOT/odoo.conf}
    export ODOO_DATA_DIR=${ODOO_DATA_DIR:-$STATE/odoo}
    export ODOO_ADDONS_PATH=${ODOO_ADDONS_PATH:-$(addons_path)}
    if [ -e /etc/fonts/fonts.conf ]; then
        export FONTCONFIG_FILE=${FONTCONFIG_FILE:-$SETUP/fonts.conf}
    fi
    # Odoo's server would otherwise write .pyc of the addons next to the sources.
    export PYTHONPYCACHEPREFIX=${PYTHONPYCACHEPREFIX:-$CACHE/pycache}
    # For setup/suite, the part written in Python.
    export PROPERTY_CACHE_FOLDER=$CACHE PROPERTY_STATE_FOLDER=$STATE PROPERTY_VENV=$VENV PROPERTY_ODOO_LIB=$ODOO_LIB
    export PROPERTY_NODE_MODULES=$NODE_MODULES PYTHONPATH=$SETUP${PYTHONPATH:+:$PYTHONPATH}
    mkdir -p "$ODOO_DATA_DIR"
}

# The folders that hold at least one addon (Odoo warns about others).
addons_path() {
    local folder manifest found=()
    for folder in addons tests; do
        for manifest in "$ROOT/$folder"/*/__manifest__.py; do
            [ -e "$manifest" ] && found+=("$ROOT/$folder") && break
        done
    done
    local IFS=,
    echo "${found[*]}"
}

# run_suite MODULE arguments…: setup/suite's command; afterwards the cluster is let go.
# In the background, because bash would handle a signal only after a foreground command has ended.
run_suite() {
    local module=$1 child status=0
    shift
    "$VENV/bin/python" -P -m "suite.$module" "$@" &
    child=$!
    trap 'kill -TERM $child 2>/dev/null' INT TERM HUP
    # Wait returns early on a signal: only the end of the child counts.
    while kill -0 $child 2>/dev/null; do wait $child && status=0 || status=$?; done
    # Nobody may be listening any more (./run | head).
    trap '' INT TERM HUP PIPE
    release_postgres || true
    exit "$status"
}
