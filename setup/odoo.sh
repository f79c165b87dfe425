# Odoo 19 from Debian sid's package, unpacked into a private prefix. The system's apt is not touched.
# shellcheck shell=bash

# Fonts and scripts that the package links to: unpacked into the same prefix, so the links resolve there.
ODOO_COMPANIONS=(
    fonts-glyphicons-halflings fonts-inconsolata fonts-montserrat fonts-ocr-b fonts-roboto-unhinted
    libjs-jquery libjs-jquery-form libjs-underscore
)

# Sets ODOO_LIB: the folder from which "import odoo" works.
ensure_odoo() {
    if [ -n "${ODOO_HOME:-}" ]; then
        [ -e "$ODOO_HOME/odoo/release.py" ] ||
            die "ODOO_HOME is $ODOO_HOME, but there is no odoo/release.py in it." \
                "Set it to the folder of an Odoo $ODOO_SERIES checkout (the one that holds odoo-bin), or unset it."
        grep -q "^version_info = (19, 0," "$ODOO_HOME/odoo/release.py" ||
            die "ODOO_HOME is $ODOO_HOME, which is not Odoo $ODOO_SERIES."
        ODOO_LIB=$(cd "$ODOO_HOME" && pwd -P)
        return
    fi
    local version
    version=$(unpacked_odoo) || { fetch_odoo && version=$(unpacked_odoo); } || exit 1
    ODOO_LIB=$CACHE/odoo/$version/usr/lib/python3/dist-packages
}

warn_of_other_odoo() {
    local version=${ODOO_LIB#"$CACHE/odoo/"}
    version=${version%%/*}
    if [ -z "${ODOO_HOME:-}" ] && [ "$version" != "$ODOO_VERSION" ]; then
        warn "Odoo $version is in use; the project was tested with $ODOO_VERSION (setup/versions)."
    fi
}

# The recorded version, else any other that is complete.
unpacked_odoo() {
    local folder
    for folder in "$CACHE/odoo/$ODOO_VERSION" "$CACHE"/odoo/*; do
        if [ -e "$folder/.complete" ]; then
            basename "$folder"
            return
        fi
    done
    return 1
}

fetch_odoo() {
    command -v apt-get >/dev/null ||
        die "Odoo $ODOO_SERIES is fetched with apt-get, which this system does not have." \
            "Set ODOO_HOME to the folder of an Odoo $ODOO_SERIES checkout (the one that holds odoo-bin)."
    local work=$CACHE/odoo/.download
    rm -rf "$work"
    mkdir -p "$work"/{lists,cache,debs}
    # apt drops to the user _apt, who may not read a home directory: it is told not to.
    # A mirror that lags behind will do: what counts is the checksum recorded in setup/versions.
    SID_APT=(-o "Dir::Etc::sourcelist=$work/sid.sources" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::Lists=$work/lists" -o "Dir::Cache=$work/cache" -o APT::Sandbox::User=root -o Acquire::Check-Valid-Until=false)
    write_sid_source "$work/sid.sources"
    say "fetching Odoo $ODOO_SERIES from Debian sid (about 125 MB)…"
    logged "$CACHE/log/odoo.log" download_odoo "$work" ||
        die "Odoo could not be downloaded from $(sid_mirror) (the end of the log is above)." \
            "Is the machine online? An existing Odoo $ODOO_SERIES will do as well: set ODOO_HOME to its folder."
    unpack_odoo "$work"
    rm -rf "$work"
}

download_odoo() (
    cd "$1/debs" || return
    apt-get "${SID_APT[@]}" update || return
    apt-get "${SID_APT[@]}" download "$ODOO_PACKAGE=$ODOO_VERSION" ||
        apt-get "${SID_APT[@]}" download "$ODOO_PACKAGE" || return
    apt-get "${SID_APT[@]}" download "${ODOO_COMPANIONS[@]}"
)

unpack_odoo() {
    local work=$1 deb version sum prefix
    deb=$(ls "$work/debs/$ODOO_PACKAGE"_*.deb)
    version=$(dpkg-deb -f "$deb" Version)
    sum=$(sha256sum "$deb" | cut -d' ' -f1)
    if [ "$version" = "$ODOO_VERSION" ] && [ "$sum" != "$ODOO_SHA256" ]; then
        die "The downloaded $ODOO_PACKAGE $version is not the file this project knows." \
            "expected sha256 $ODOO_SHA256" "got             $sum"
    fi
    if [ "$version" != "$ODOO_VERSION" ]; then
        warn "Debian sid has Odoo $version now (sha256 $sum)."
    fi
    prefix=$CACHE/odoo/$version
    rm -rf "$prefix"
    mkdir -p "$prefix"
    for deb in "$work"/debs/*.deb; do
        dpkg-deb -x "$deb" "$prefix"
    done
    mend_odoo "$prefix"
    echo "$sum" >"$prefix/.complete"
}

# Debian could not ship everything, and some links lead to files that other packages no longer have.
# The browser client stumbles over each of them.
mend_odoo() {
    local lib=$1/usr/lib/python3/dist-packages addons link dangling
    addons=$lib/odoo/addons
    mkdir -p "$addons/mail/static/lib/selfie_segmentation"
    cp "$NODE_MODULES/@mediapipe/selfie_segmentation/selfie_segmentation.js" "$addons/mail/static/lib/selfie_segmentation/"
    # Odoo's icons are those of Font Awesome 4; Debian sid has a later one.
    for link in "$addons"/web/static/{lib,src/libs}/fontawesome/fonts/*; do
        if [ -L "$link" ]; then
            cp --remove-destination "$NODE_MODULES/font-awesome/fonts/$(basename "$link")" "$link"
        fi
    done
    link=$addons/point_of_sale/static/src/fonts/Inconsolata.otf
    if [ -L "$link" ] && [ ! -e "$link" ]; then
        ln -sf "$(find "$1/usr/share/fonts" -iname 'inconsolata*' -type f | sort | head -n 1)" "$link"
    fi
    # A second, partial copy of the addons (Python files only) that the package holds by mistake.
    if [ -d "$addons/web" ]; then
        rm -rf "$lib/addons" "$lib/setup" "$lib/doc"
    fi
    dangling=$(find "$lib" -xtype l | head -n 3)
    if [ -n "$dangling" ]; then
        warn "Links in Debian's Odoo that lead nowhere (fonts or scripts will be missing): $dangling"
    fi
}

sid_mirror() {
    local mirror
    mirror=$(
        cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
            awk '/^URIs:/ { for (i = 2; i <= NF; i++) print $i }'
        cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
            sed -n 's/^deb  *\(\[[^]]*\] *\)\{0,1\}\([^ ]*\) .*/\2/p'
    )
    # The first that serves Debian's main archive, not its security updates or another vendor's.
    mirror=$(grep -E '/debian/?$' <<<"$mirror" | head -n 1)
    echo "$mirror"
}

write_sid_source() {
    local mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    mirror=$(sid_mirror)
    [ -n "$mirror" ] && [ -e "$keyring" ] ||
        die "No Debian archive was found in /etc/apt/sources.list*, so Odoo cannot be fetched." \
            "Set ODOO_HOME to the folder of an Odoo $ODOO_SERIES checkout (the one that holds odoo-bin)."
    printf '%s\n' "Types: deb" "URIs: $mirror" "Suites: sid" "Components: main" "Signed-By: $keyring" >"$1"
}
