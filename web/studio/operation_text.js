// Small parts of the panels of operations and of the log.

let lastId = 0;

/** Returns an id that no other element has. */
export const newId = (name) => `${name}-${++lastId}`;

/** Returns JSON with line breaks and indentation, or the text itself if it is not JSON. */
export function formatted(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** Returns an address as people read it: without the host, decoded, and of each long id only the beginning. */
export function shortAddress(url) {
  let text = url.replace(/^https?:\/\/[^/]+/, "");
  try {
    text = decodeURIComponent(text);
  } catch {} // the service has made it
  return text.replace(/(\/threads\/[^/?]{7})[^/?]{6,}/, "$1…").replace(/(syncState=.{6})[^&]{6,}/, "$1…");
}
