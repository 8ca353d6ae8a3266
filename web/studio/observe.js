// Connects a client to the studio: its exchanges go to the list, and its requests meet the planted faults.

const encoder = new TextEncoder();

/** Returns the options of a person's client. */
export function observe(studio, person) {
  const { service, faults, exchanges } = studio;
  const send = service.fetch ?? ((url, init) => fetch(url, init));
  const unreported = []; // requests whose exchange the client has not reported yet

  return {
    async fetch(url, init) {
      const request = { url, method: init.method, startedAt: Date.now(), responseHeaders: {} };
      unreported.push(request);
      const response = await faults.send(person, url, init, send);
      request.responseHeaders = Object.fromEntries(response.headers);
      return response;
    },
    onExchange(exchange) {
      const at = unreported.findIndex(({ url, method }) => url === exchange.url && method === exchange.method);
      const [request] = at < 0 ? [] : unreported.splice(at, 1);
      exchanges.add({
        ...exchange,
        person,
        startedAt: request?.startedAt ?? Date.now() - exchange.durationMs,
        responseHeaders: request?.responseHeaders ?? {},
        bytes: encoder.encode(exchange.responseBody ?? "").length,
      });
    },
  };
}
