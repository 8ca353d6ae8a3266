/** Asks the page's own server, which knows who the user is, where the service is and for a token. */
export async function issueToken(user) {
  const response = await fetch("/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ user }),
  });
  if (!response.ok) throw new Error(`no token: HTTP ${response.status}`);
  return response.json();
}
