#!/usr/bin/env bash
# Valkey says in INFO that it is Redis 7.2.4, and leaves out the field by which clients of Redis know a cluster.
#
# Expected before it was run: INFO of Valkey 8.1 has the fields of Redis 7.2, whose version it gives in redis_version for the
# sake of clients, and fields of its own beside them.
# Seen: redis_version is there, redis_mode is not. It is called server_mode, unless extended-redis-compatibility is set. So who
# looks for redis_mode:cluster or redis_mode:sentinel takes both for a server that stands alone.
#
# Needs a Debian (amd64) with apt-get, which downloads Valkey of Debian 13 with its libraries and installs nothing; takes half a
# minute. Exits with 1 when Valkey behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
pid=
end() {
	[ -z "$pid" ] || kill "$pid" 2> /dev/null || true
	wait
	rm -rf "$folder"
}
trap end EXIT
chmod 755 "$folder"
cd "$folder"
mkdir -p lists/partial cache/archives/partial debs root
echo 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian trixie main' > sources.list
apt=(timeout 300 apt-get -qq -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=-
	-o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o APT::Sandbox::User=root)
"${apt[@]}" update
(cd debs && "${apt[@]}" download valkey-tools libc6 libgcc-s1 libstdc++6 libatomic1 libjemalloc2 liblzf1 libssl3t64 \
	libzstd1 zlib1g libsystemd0 libcap2)
for package in debs/*.deb; do dpkg-deb -x "$package" root; done

libraries="$folder/root/usr/lib/x86_64-linux-gnu"
run() { # Runs a file of the packages, as which program, with their libraries.
	exec "$libraries/ld-linux-x86-64.so.2" --argv0 "$2" --library-path "$libraries" "$folder/root/usr/bin/$1" "${@:3}"
}
socket="$folder/socket"
# One file is all of them, by its name.
(run valkey-check-rdb valkey-server --port 0 --unixsocket "$socket" --dir "$folder" --save '' --cluster-enabled yes > server.log) &
pid=$!
for _ in $(seq 50); do [ -S "$socket" ] && break || sleep 0.1; done
ask() { (run valkey-cli valkey-cli -s "$socket" "$@") | tr -d '\r'; }

fields() { ask INFO server | grep -E '^(redis_version|valkey_version|redis_mode|server_mode):' | sort | tr '\n' ' '; }
plain=$(fields)
ask CONFIG SET extended-redis-compatibility yes > /dev/null
compatible=$(fields)
echo "INFO: $plain"
echo "with extended-redis-compatibility: $compatible"
if [[ $plain == 'redis_version:7.2.4 server_mode:cluster valkey_version:8.1.'* && $compatible == *'redis_mode:cluster'* ]]; then
	echo 'as expected of this version'
else
	echo CHANGED
	exit 1
fi
