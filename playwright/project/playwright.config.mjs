import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  use: {
    baseURL: "http://localhost:8090",
    launchOptions: { executablePath: process.env.CHROMIUM || undefined }, // one that is there, or Playwright's own
  },
  webServer: [
    {
      // The chat service, with two users. The tests find their ids and tokens in process.env, as ALEX_ID, ALEX_TOKEN, …
      command: `acschat/dist/chatdev -page "" -acs localhost:8091 -users alex,jane -json`,
      url: "http://localhost:8091/emulator/ready",
      wait: {
        stdout: /"alex":{"id":"(?<alex_id>.+?)","token":"(?<alex_token>.+?)"},"jane":{"id":"(?<jane_id>.+?)","token":"(?<jane_token>.+?)"}/,
      },
    },
    { command: "npm run serve", url: "http://localhost:8090" }, // your site
  ],
});
