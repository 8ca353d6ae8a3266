const describe = () => Object.getOwnPropertyNames(globalThis).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);

const before = new Map(describe());
const resources = process.getActiveResourcesInfo();
const chat = await import("acschat");

const isAsBefore = (name, { value, get, set }) => {
  const earlier = before.get(name);
  if (earlier === undefined) return false;
  if (Object.is(earlier.value, value) && earlier.get === get && earlier.set === set) return true;
  return earlier.get !== undefined && earlier.get.call(globalThis) === value; // Node creates this global when it is first read
};
const globals = describe().filter(([name, descriptor]) => !isAsBefore(name, descriptor)).map(([name]) => name);
let refused;
try {
  chat.createClient({ endpoint: "https://contoso.communication.azure.com", token: "x" });
} catch (error) {
  refused = error.code;
}
console.log(JSON.stringify({
  exports: Object.keys(chat),
  globals,
  resources: process.getActiveResourcesInfo().filter((name) => !resources.includes(name)),
  refused,
}));
