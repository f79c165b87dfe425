# A private PostgreSQL: its own cluster, unprivileged, reachable by a socket and on loopback.
# With PGHOST, PGHOSTADDR or PGSERVICE set, that server is used instead and nothing is started.
# shellcheck shell=bash

PG_HOME=$STATE/postgresql
PG_STARTED=
PG_USERS_FD=

ensure_postgres() {
    if [ -n "${PGHOST:-}${PGHOSTADDR:-}${PGSERVICE:-}" ]; then
        check_existing_server
        return
    fi
    # Whoever works with the cluster holds this lock shared: the last one may stop it.
    make_pg_home
    exec {PG_USERS_FD}>"$PG_HOME/users.lock"
    flock -s "$PG_USERS_FD"
    if ! pg_is_running; then
        with_lock postgres start_postgres
    fi
    PGHOST=$PG_HOME/socket PGPORT=$(<"$PG_HOME/port") PGUSER=odoo
    export PGHOST PGPORT PGUSER
    unset PGPASSWORD PGDATABASE
}

check_existing_server() {
    if [ "${PGUSER:-$(id -un)}" = postgres ]; then
        die "PGUSER is postgres, a name under which Odoo refuses to work." \
            "Make a role of its own (createuser --createdb odoo) and set PGUSER to it."
    fi
    local answer
    answer=$(psql -XAt -d postgres -c 'SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user' 2>&1) ||
        die "The PostgreSQL server named by PGHOST, PGPORT, PGUSER … does not answer: $answer" \
            "Correct these variables, or unset PGHOST to have a private server."
    [ "$answer" = t ] ||
        die "The role ${PGUSER:-$(id -un)} on ${PGHOST:-the given server} may not create databases." \
            "On that server: ALTER ROLE ${PGUSER:-$(id -un)} CREATEDB;"
}

# PostgreSQL refuses to run as root; Debian's package has made the user postgres.
as_pg_owner() {
    if [ "$(id -u)" = 0 ]; then
        runuser -u postgres -- "$@"
    else
        "$@"
    fi
}

pg_bin() {
    local folder
    folder=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    if [ -z "$folder" ]; then
        folder=$(dirname "$(command -v pg_ctl)") || die "PostgreSQL's programs (pg_ctl, initdb) were not found."
    fi
    echo "$folder"
}

make_pg_home() {
    [ -d "$PG_HOME" ] && return
    # The system allows 107 characters for a socket's path.
    [ "${#PG_HOME}" -lt 80 ] ||
        die "The path $PG_HOME is too long for PostgreSQL's socket." "Set PROPERTY_STATE to a shorter folder."
    mkdir -p "$PG_HOME" ||
        die "The folder $PG_HOME cannot be made." "Set PROPERTY_STATE to a folder where you may write."
    if [ "$(id -u)" = 0 ]; then
        id postgres >/dev/null 2>&1 || die "The user postgres is missing: install the package postgresql."
        # The cluster's owner must be able to reach its folder.
        chown postgres:postgres "$PG_HOME"
    fi
}

pg_is_running() {
    [ -e "$PG_HOME/data/postmaster.pid" ] && [ -e "$PG_HOME/port" ] &&
        pg_isready -q -h "$PG_HOME/socket" -p "$(<"$PG_HOME/port")"
}

start_postgres() {
    pg_is_running && return
    local bin port
    bin=$(pg_bin) || exit 1
    [ -e "$PG_HOME/data/PG_VERSION" ] || make_cluster "$bin"
    port=$(free_port "${PROPERTY_PGPORT:-54690}")
    echo "$port" >"$PG_HOME/port"
    say "starting the private PostgreSQL (127.0.0.1:$port, socket in $PG_HOME/socket)"
    # Without the locks' descriptors (the second is with_lock's), or the server would hold them.
    (
        exec {PG_USERS_FD}>&- {fd}>&-
        cd /
        logged "$CACHE/log/postgresql-start.log" as_pg_owner "$bin/pg_ctl" -D "$PG_HOME/data" -l "$PG_HOME/log" -w -t 60 \
            -o "-p $port -k $PG_HOME/socket -c listen_addresses=127.0.0.1" start
    ) || die "The private PostgreSQL did not start; the end of its log:" "$(tail -n 5 "$PG_HOME/log" 2>&1)"
    PG_STARTED=$bin
}

make_cluster() {
    local bin=$1 me
    me=$(id -un)
    say "making the private PostgreSQL cluster in $PG_HOME"
    as_pg_owner mkdir -p -m 0700 "$PG_HOME/socket"
    rm -rf "$PG_HOME/data"
    (
        cd /
        logged "$CACHE/log/initdb.log" as_pg_owner "$bin/initdb" -D "$PG_HOME/data" -U postgres \
            --auth-local=peer --auth-host=scram-sha-256 -E UTF8 --locale=C.UTF-8
    ) || die "The private PostgreSQL cluster could not be made (see above)."
    # Through the socket the owner of this checkout is "odoo"; loopback asks for a password, which nobody has yet.
    as_pg_owner tee "$PG_HOME/data/pg_hba.conf" >/dev/null <<HBA
local all postgres peer map=suite
local all odoo     peer map=suite
host  all all      127.0.0.1/32 scram-sha-256
HBA
    as_pg_owner tee "$PG_HOME/data/pg_ident.conf" >/dev/null <<IDENT
suite $me odoo
suite $me postgres
suite postgres odoo
suite postgres postgres
IDENT
    # Demo and test data can be made anew: speed counts more than surviving a power cut.
    as_pg_owner tee -a "$PG_HOME/data/postgresql.conf" >/dev/null <<CONF
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
fsync = off
synchronous_commit = off
full_page_writes = off
max_wal_size = 2GB
max_parallel_workers_per_gather = 0
timezone = 'UTC'
log_timezone = 'UTC'
CONF
    # An ordinary role: what needs a superuser must fail here as on a real server.
    printf 'CREATE ROLE odoo LOGIN CREATEDB;\n' |
        (cd / && as_pg_owner "$bin/postgres" --single -D "$PG_HOME/data" postgres >/dev/null 2>&1)
}

# free_port FIRST: FIRST if nobody listens there, else the next one that is free.
free_port() {
    /usr/bin/env python3 - "$1" <<'PY'
import socket, sys
for port in range(int(sys.argv[1]), 65536):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
PY
}

# Stops the cluster if this process started it and nobody else works with it.
release_postgres() {
    [ -n "$PG_STARTED" ] || return 0
    if flock -n -x "$PG_USERS_FD"; then
        (cd / && as_pg_owner "$PG_STARTED/pg_ctl" -D "$PG_HOME/data" -m fast -w stop >/dev/null) || true
    fi
    PG_STARTED=
}
