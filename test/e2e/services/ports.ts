import { createServer, type AddressInfo, type Server } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Ports nobody listens on. All are held until all are known, so that they differ. */
export async function freePorts(count: number): Promise<number[]> {
	const servers = await Promise.all(Array.from({ length: count }, async () => await listenOn(0)));
	const ports = servers.map((server) => (server.address() as AddressInfo).port);
	await Promise.all(servers.map(close));
	return ports;
}

/** Otherwise we would take the answers of whoever listens there for those of our n8n. */
export async function checkPortIsFree(port: number): Promise<void> {
	try {
		await close(await listenOn(port));
	} catch (error) {
		throw new Error(`Port ${port} is not free. Choose another one.`, { cause: error });
	}
}

async function listenOn(port: number): Promise<Server> {
	return await new Promise((resolve, reject) => {
		const server = createServer();
		server.once('error', reject);
		server.listen(port, LOOPBACK, () => resolve(server));
	});
}

async function close(server: Server): Promise<void> {
	await new Promise((resolve) => server.close(resolve));
}
