# The Python and JavaScript environments, and the stamp that makes the second start quick.
# shellcheck shell=bash

# shellcheck source=setup/packages.sh
source "$SETUP/packages.sh"
# shellcheck source=setup/odoo.sh
source "$SETUP/odoo.sh"

# Sets VENV, ODOO_LIB and NODE_MODULES; prepares what is missing.
ensure_environment() {
    local key stamp
    key=$({
        cat "$SETUP"/{versions,packages.sh,odoo.sh,environment.sh,requirements.lock,package-lock.json}
        echo "${ODOO_HOME:-}"
    } | sha256sum | cut -c1-16)
    stamp=$CACHE/ready/$key
    # The stamp holds the three settings, and only counts while what it names exists.
    if [ -e "$stamp" ]; then
        # shellcheck disable=SC1090
        source "$stamp"
        if [ -x "$VENV/bin/python" ] && [ -e "$ODOO_LIB/odoo/release.py" ] && [ -d "$NODE_MODULES" ]; then
            warn_of_other_odoo
            return
        fi
    fi
    command -v flock >/dev/null || die "The program flock (package util-linux) is missing."
    with_lock prepare prepare_environment
    warn_of_other_odoo
    mkdir -p "$CACHE/ready"
    printf '%s=%q\n' VENV "$VENV" ODOO_LIB "$ODOO_LIB" NODE_MODULES "$NODE_MODULES" >"$stamp"
}

prepare_environment() {
    local start=$EPOCHREALTIME
    say "preparing this machine (a few minutes the first time; kept in $CACHE)"
    ensure_packages
    ensure_node
    ensure_odoo
    ensure_venv
    say "machine is ready ($(seconds_since "$start") s)"
}

# Of all Pythons, Debian's: /usr/bin/python3, unless PROPERTY_PYTHON names another.
python_program() {
    local python=${PROPERTY_PYTHON:-/usr/bin/python3}
    [ -x "$python" ] || python=$(command -v python3) || die "There is no python3 on this machine."
    "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' ||
        die "$python is $("$python" --version), but Odoo $ODOO_SERIES with these libraries needs Python 3.11 to 3.13." \
            "Set PROPERTY_PYTHON to such a one."
    echo "$python"
}

# make_venv FOLDER LOCKFILE: a virtual environment, complete or not there at all.
make_venv() {
    local venv=$1 lock=$2 python
    python=$(python_program) || exit 1
    rm -rf "$venv" "$venv.part"
    mkdir -p "$(dirname "$venv")"
    "$python" -m venv "$venv" || return
    # Hashes are checked; nothing is resolved, so nothing else can come along.
    if ! "$venv/bin/python" -m pip --disable-pip-version-check install \
        --no-deps --require-hashes --no-warn-script-location -r "$lock"; then
        rm -rf "$venv"
        return 1
    fi
}

ensure_venv() {
    local key python
    python=$(python_program) || exit 1
    key=$({
        cat "$SETUP/requirements.lock"
        "$python" --version
        echo "$ODOO_LIB"
    } | sha256sum | cut -c1-12)
    VENV=$CACHE/venv/$key
    [ -e "$VENV/.complete" ] && return
    say "installing the Python libraries (about 100)…"
    logged "$CACHE/log/pip.log" make_venv "$VENV" "$SETUP/requirements.lock" ||
        die "The Python libraries could not be installed (the end of the log is above, all of it in $CACHE/log/pip.log)." \
            "Is the machine online? If it needs a proxy or a mirror, pip's usual settings are honoured."
    # Makes "import odoo" work, and pip see Odoo as installed.
    "$VENV/bin/python" - "$ODOO_LIB" <<'PY'
import pathlib, sys, sysconfig
pathlib.Path(sysconfig.get_path("purelib"), "odoo-prefix.pth").write_text(sys.argv[1] + "\n")
PY
    # What the PATH calls wkhtmltopdf must be the one with patched Qt.
    ln -sf wkhtmltopdf-pack "$VENV/bin/wkhtmltopdf"
    printf '%s\n' "#!$VENV/bin/python" 'import odoo.cli' 'if __name__ == "__main__":' '    odoo.cli.main()' >"$VENV/bin/odoo"
    chmod +x "$VENV/bin/odoo"
    touch "$VENV/.complete"
}

# The linters live apart: their libraries and Odoo's do not agree on versions.
ensure_lint_venv() {
    local key
    key=$(sha256sum <"$SETUP/requirements-lint.lock" | cut -c1-12)
    LINT_VENV=$CACHE/lint/$key
    [ -e "$LINT_VENV/.complete" ] && return
    say "installing the linters…"
    logged "$CACHE/log/pip-lint.log" with_lock lint make_venv "$LINT_VENV" "$SETUP/requirements-lint.lock" ||
        die "The linters could not be installed (the end of the log is above)." "Is the machine online?"
    touch "$LINT_VENV/.complete"
}

ensure_node() {
    local key
    key=$(sha256sum <"$SETUP/package-lock.json" | cut -c1-12)
    NODE_MODULES=$CACHE/node/$key/node_modules
    [ -e "$CACHE/node/$key/.complete" ] && return
    say "installing the JavaScript tools…"
    rm -rf "$CACHE/node/$key"
    mkdir -p "$CACHE/node/$key"
    cp "$SETUP/package.json" "$SETUP/package-lock.json" "$CACHE/node/$key/"
    logged "$CACHE/log/npm.log" npm --prefix "$CACHE/node/$key" ci --no-audit --no-fund --ignore-scripts \
        --prefer-offline --fetch-retry-mintimeout=1000 --fetch-retry-maxtimeout=5000 ||
        die "The JavaScript tools could not be installed (the end of the log is above)." \
            "Is the machine online? If it needs a proxy or a mirror, npm's usual settings are honoured."
    touch "$CACHE/node/$key/.complete"
}
