/**
 * Passes the relay's hints to a client. url is that of the relay's hints, and openThreads the ids of the threads that the page
 * shows. Close the result where you close the client.
 */
export function connectHints(client, url, openThreads) {
  const hints = new EventSource(url, { withCredentials: true });
  hints.onmessage = ({ data }) => { const { threadId, version } = JSON.parse(data); client.wake(threadId, { version }); };
  hints.onopen = () => { for (const threadId of openThreads) client.wake(threadId); }; // also after a gap, in which hints were lost
  return hints;
}
