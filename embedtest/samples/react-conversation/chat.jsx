import { useEffect, useState, useSyncExternalStore } from "react";

export function Chat({ client, threadId }) {
  const [conversation, setConversation] = useState();
  useEffect(() => {
    const opened = client.openConversation(threadId, { senderDisplayName: "Jane", pageSize: 20 });
    setConversation(opened);
    return () => opened.close();
  }, [client, threadId]);
  return conversation && <Conversation conversation={conversation} />;
}

function Conversation({ conversation }) {
  const { subscribe, getSnapshot, send, retry, discard, loadOlder, markRead } = conversation; // methods work detached
  const { status, topic, messages, hasOlder, unreadCount } = useSyncExternalStore(subscribe, getSnapshot);
  useEffect(() => {
    const read = () => unreadCount > 0 && !document.hidden && markRead().catch(() => {}); // the next message tries again
    read();
    document.addEventListener("visibilitychange", read);
    return () => document.removeEventListener("visibilitychange", read);
  }, [unreadCount, markRead]);
  const submit = (form) => send({ content: form.get("content") });
  return (
    <>
      <h1>{topic}</h1>
      <p>{status}, {unreadCount} unread</p>
      {hasOlder && <button onClick={() => loadOlder().catch(console.warn)}>Older messages</button>}
      <ol>
        {messages.map(({ key, type, state, content, senderDisplayName, deletedOn, error }) => (
          <li key={key}>
            {senderDisplayName}: {deletedOn ? "deleted" : content?.message ?? type} <em>{state}</em> {error?.hint}
            {state === "failed" && <><button onClick={() => retry(key)}>Retry</button><button onClick={() => discard(key)}>Discard</button></>}
          </li>
        ))}
      </ol>
      <form action={submit}><input name="content" aria-label="Message" required /><button>Send</button></form>
    </>
  );
}
