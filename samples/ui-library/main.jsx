import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { ChatComposite } from "@azure/communication-react";

import { addBob, connect, loseNextAnswer, removeBob } from "./chat.js";

function Chat({ name }) {
  const [adapter, setAdapter] = useState();
  useEffect(() => {
    const connected = connect(name);
    connected.then(setAdapter, console.error);
    return () => connected.then((adapter) => adapter.dispose(), () => {});
  }, [name]);
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      <div>{adapter && <ChatComposite adapter={adapter} />}</div>
    </section>
  );
}

createRoot(document.getElementById("root")).render(
  <>
    <nav>
      <button onClick={addBob}>Add Bob</button>
      <button onClick={removeBob}>Remove Bob</button>
      <button onClick={loseNextAnswer}>Lose the next answer</button>
    </nav>
    <main>
      <Chat name="Jane" />
      <Chat name="Alex" />
    </main>
  </>,
);
