# Debian packages: only what is missing, and only once per machine (see the stamp in environment.sh).
# shellcheck shell=bash

# What each package is for:
#   python3-venv            the virtual environment
#   postgresql              the server's programs; no cluster is made by the package
#   git                     the list of files that the linters look at
#   nodejs npm              prettier, and one JavaScript file that Debian's Odoo lacks
#   chromium                browser tests
#   fonts-noto-cjk          Chinese text in PDFs and screenshots
#   fonts-dejavu-core, lib* what wkhtmltopdf is linked to
DEBIAN_PACKAGES=(
    ca-certificates git python3 python3-venv
    postgresql
    nodejs npm
    chromium
    fonts-noto-cjk fonts-dejavu-core
    libfontconfig1 libfreetype6 libx11-6 libxext6 libxrender1 zlib1g
)

missing_packages() {
    local package
    for package in "${DEBIAN_PACKAGES[@]}"; do
        # Another source's nodejs brings npm along.
        [ "$package" = npm ] && command -v npm >/dev/null && continue
        dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || echo "$package"
    done
}

ensure_packages() {
    local missing
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        check_commands
        return
    fi
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" = 0 ] && return
    say "Debian packages to install: ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
        die "These packages are missing and there is no sudo to install them." \
            "As root: apt-get install --no-install-recommends ${missing[*]}"
    fi
    # The private cluster is enough: Debian's package shall not start one of its own.
    if [[ " ${missing[*]} " == *" postgresql "* ]] && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
        as_root mkdir -p /etc/postgresql-common/createcluster.d
        echo 'create_main_cluster = false' |
            as_root tee /etc/postgresql-common/createcluster.d/property-suite.conf >/dev/null
    fi
    logged "$CACHE/log/apt.log" install_packages "${missing[@]}" ||
        die "Debian's packages could not be installed (the end of the log is above, all of it in $CACHE/log/apt.log)." \
            "Is the machine online? Try: apt-get update && apt-get install ${missing[*]}"
}

install_packages() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Not Debian: nothing is installed, but what is missing is named.
check_commands() {
    local command missing=()
    for command in python3 psql npm node chromium; do
        command -v "$command" >/dev/null || missing+=("$command")
    done
    if [ "${#missing[@]}" != 0 ]; then
        die "This is not a Debian system, so nothing can be installed here. Missing: ${missing[*]}." \
            "Install them, set ODOO_HOME to an Odoo $ODOO_SERIES, and start again."
    fi
}
