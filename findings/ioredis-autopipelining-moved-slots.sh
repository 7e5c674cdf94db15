#!/usr/bin/env bash
# ioredis in a cluster with enableAutoPipelining: commands for a slot that has moved to another node fail with MOVED, each time.
#
# Expected before it was run: that commands are sent together changes nothing about redirections. A command that is answered
# with MOVED is sent to the other node, and the client learns where the slot is, as without the option.
# Seen: the command fails with MOVED when a write beside it, in the same tick and for the same node, succeeds, and goes on failing:
# nothing makes the client ask for the slots again. Without the option every command succeeds.
#
# Needs Node.js 20 or 24, the npm registry, and redis-server 7 or newer (apt-get install redis-server); takes half a minute.
# Exits with 1 when ioredis behaves in another way.
set -euo pipefail
folder=$(mktemp -d)
pids=()
end() {
	for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
	wait
	rm -rf "$folder"
}
trap end EXIT
cd "$folder"
echo '{ "private": true }' > package.json
timeout 300 npm install --silent --no-audit --no-fund --ignore-scripts ioredis@6.0.0

read -r -a ports < <(node -e "
	const servers = [0, 1, 2, 3].map(() => require('net').createServer().listen(0, '127.0.0.1'));
	setTimeout(() => { console.log(servers.map((one) => one.address().port).join(' ')); process.exit(); }, 200);
")
for node in 0 1; do
	mkdir "$node"
	redis-server --port "${ports[$node]}" --cluster-port "${ports[$((node + 2))]}" --bind 127.0.0.1 --dir "$folder/$node" \
		--save '' --cluster-enabled yes --cluster-announce-ip 127.0.0.1 > "$node.log" &
	pids+=($!)
done

cat > look.js <<'SCRIPT'
const { Cluster, Redis } = require('ioredis');
const [first, second, , bus] = process.argv.slice(2).map(Number);
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const nodes = [first, second].map((port) => new Redis(port, '127.0.0.1'));
// Both are served by the first node, until the slot of `moved` moves.
const stays = '{a}:stays', moved = '{b}:moved';

async function until(check) {
	for (let tries = 0; tries < 200 && !(await check()); tries++) await sleep(50);
}

(async () => {
	const [one, two] = nodes;
	await two.cluster('MEET', '127.0.0.1', first, process.argv[4]);
	await one.cluster('ADDSLOTSRANGE', 0, 16383);
	await until(async () => /cluster_slots_ok:16384/.test(await two.cluster('INFO')) && /cluster_state:ok/.test(await two.cluster('INFO')));
	const version = /redis_version:(\S+)/.exec(await one.info())[1];
	console.log(`ioredis ${require('ioredis/package.json').version}, Redis ${version}, Node.js ${process.version}`);
	const slot = await one.cluster('KEYSLOT', moved);

	const clients = [false, true].map((enableAutoPipelining) =>
		new Cluster([{ host: '127.0.0.1', port: first }], { enableAutoPipelining }));
	for (const client of clients) {
		client.on('error', () => {});
		await Promise.all([client.set(stays, '1'), client.set(moved, '1')]);
	}
	await one.del(moved);
	const id = await two.cluster('MYID');
	for (const node of [two, one]) await node.cluster('SETSLOT', slot, 'NODE', id);

	const seen = [];
	for (const client of clients) {
		const rounds = [];
		for (let round = 0; round < 5; round++) {
			const [, ended] = await Promise.allSettled([client.set(stays, '1'), client.set(moved, '1')]);
			rounds.push(ended.status === 'fulfilled' ? ended.value : ended.reason.message.split(' ')[0]);
			await sleep(1500);
		}
		console.log(`enableAutoPipelining ${client.options.enableAutoPipelining}: ${rounds.join(', ')}`);
		seen.push(rounds.join());
		client.disconnect();
	}
	const asSeen = seen[0] === 'OK,OK,OK,OK,OK' && seen[1] === 'MOVED,MOVED,MOVED,MOVED,MOVED';
	console.log(asSeen ? 'as expected of this version' : 'CHANGED');
	process.exit(asSeen ? 0 : 1);
})();
SCRIPT
sleep 1
timeout 60 node look.js "${ports[0]}" "${ports[1]}" "${ports[2]}"
