// An HTTP server on every address that clients may try for its host.

import { lookup } from "node:dns/promises";
import { createServer } from "node:http";
import { isIP } from "node:net";

import { isLocalName } from "./loopback.js";

const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 120_000 }; // as chatdev has them
const graceMs = 1000; // how long requests in flight may still take when the server closes
const maxPortTries = 100; // a port that is free on one address is rarely taken on another

/** Listens on { host, port }. Port 0 is a free port. Without a host it listens on all addresses. Returns { url, close }. */
export async function startServer({ host, port }, handler) {
  let servers = await listenOnAll(await addressesOf(host), port, handler);
  const actualPort = servers[0].address().port;
  if (host === "") { // some systems let it listen on all addresses although another program has localhost, so that was tried first
    await Promise.all(servers.map(close));
    servers = [await listen(undefined, actualPort, handler)];
  }
  const name = host || "localhost";
  return { url: `http://${isIP(name) === 6 ? `[${name}]` : name}:${actualPort}`, close: () => closeGracefully(servers) };
}

/** Returns the addresses of a host. Browsers try both for localhost, so no other program may have the port on one of them. */
async function addressesOf(host) {
  if (host === "" || isLocalName(host)) return ["127.0.0.1", "::1"];
  return isIP(host) ? [host] : (await lookup(host, { all: true })).map(({ address }) => address);
}

async function listenOnAll(addresses, port, handler) {
  for (let tries = 1; ; tries++) {
    try {
      return await tryListenOnAll(addresses, port, handler);
    } catch (error) {
      if (error.code !== "EADDRINUSE" || port !== 0 || tries === maxPortTries) throw error;
    }
  }
}

async function tryListenOnAll(addresses, port, handler) {
  const servers = [];
  let missing;
  for (const address of addresses) {
    try {
      servers.push(await listen(address, servers[0]?.address().port ?? port, handler));
    } catch (error) {
      missing = error;
      if (error.code === "EADDRNOTAVAIL" || error.code === "EAFNOSUPPORT") continue; // such as a machine without IPv6
      await Promise.all(servers.map(close));
      throw error;
    }
  }
  if (servers.length === 0) throw missing;
  return servers;
}

function listen(host, port, handler) {
  return new Promise((resolve, reject) => {
    const server = createServer(timeouts, handler);
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve(server);
    });
  });
}

const close = (server) => new Promise((resolve) => server.close(resolve));

/** Ends idle connections at once, and the others after their answer or after the grace period. */
async function closeGracefully(servers) {
  const timer = setTimeout(() => servers.forEach((server) => server.closeAllConnections()), graceMs);
  await Promise.all(servers.map(close));
  clearTimeout(timer);
}
