import { listen } from "acschat/emulator/node";

export default async function setup() {
  const emulator = await listen({ users: ["jane", "alex"], port: 8091 });
  for (const [name, { id, token }] of Object.entries(emulator.users)) {
    process.env[`${name.toUpperCase()}_ID`] = id;
    process.env[`${name.toUpperCase()}_TOKEN`] = token;
  }
  return () => emulator.close();
}
