// Recognizes hosts that are this machine.

import { BlockList, isIP } from "node:net";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

/** Returns whether a host is localhost or a name under it, which RFC 6761 reserves for this machine. */
export const isLocalName = (host) => /(^|\.)localhost\.?$/i.test(host);

/** Returns whether a host, without a port, is a loopback address or such a name. */
export function isLoopback(host) {
  const version = isIP(host);
  return version === 0 ? isLocalName(host) : loopback.check(host, `ipv${version}`);
}

/** Returns the host of a Host header, without the port and without brackets. */
export const hostOf = (header = "") => header.replace(/:\d*$/, "").replace(/^\[(.*)\]$/, "$1");
