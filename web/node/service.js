// Answers HTTP requests with an emulator.

const maxBodyBytes = 1 << 20; // as in package emulator, which answers 413 to more

/** Returns a request handler for node:http. connection leads to the emulator. */
export function serviceOf(connection) {
  return async (request, response) => {
    const body = await readBody(request);
    if (body === undefined) return; // the client has gone
    const { method, socket } = request;
    const head = { method, scheme: "http", host: request.headers.host ?? "", target: targetOf(request), headers: headersOf(request), remoteAddr: socket.remoteAddress ?? "unknown", isPage: false };
    const abort = connection.fetch(head, body, {
      answer({ status, headers, body, isLast }) {
        if (status > 0) response.writeHead(status, headers);
        if (isLast) response.end(body);
        else if (body.length > 0) response.write(body);
        else response.flushHeaders();
      },
      broken(error, isReset) {
        if (isReset) socket.resetAndDestroy();
        else socket.destroySoon(); // after what was written is sent
      },
    });
    response.on("close", () => {
      if (!response.writableFinished) abort();
    });
  };
}

/**
 * Returns the body, or undefined if the connection ends before. Of a body that is too large it returns a part that is too large, and discards the
 * rest: a client that is still sending might not read the answer if the connection were closed.
 */
function readBody(request) {
  return new Promise((resolve) => {
    let chunks = [], size = 0;
    const finish = () => {
      resolve(new Uint8Array(Buffer.concat(chunks)));
      chunks = [];
    };
    request.on("data", (chunk) => {
      if (size > maxBodyBytes) return;
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxBodyBytes) finish();
    });
    request.on("end", finish);
    request.on("close", () => resolve(undefined));
    request.on("error", () => {}); // close follows
  });
}

/** Returns path and query as the client has encoded them. A client may send a whole URL. */
const targetOf = ({ url }) => url.replace(/^https?:\/\/[^/?]*(?=[/?]|$)\/?/i, "/");

/** Returns the headers as pairs. Host is not among them, as in package http of Go. */
function headersOf({ rawHeaders }) {
  const pairs = [];
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i].toLowerCase() !== "host") pairs.push([rawHeaders[i], rawHeaders[i + 1]]);
  }
  return pairs;
}
