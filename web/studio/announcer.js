// Tells screen readers what happens.

/** Announces a text. Several of one moment are read one after the other. */
export function announce(text) {
  const place = document.getElementById("announcer");
  const line = document.createElement("p");
  line.textContent = text;
  place.append(line);
  setTimeout(() => line.remove(), 5000);
}
