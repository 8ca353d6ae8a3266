import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  globalSetup: "./global-setup.mjs", // the chat service
  use: {
    baseURL: "http://localhost:8090",
    launchOptions: { executablePath: process.env.CHROMIUM || undefined }, // one that is there, or Playwright's own
  },
  webServer: { command: "npm run serve", url: "http://localhost:8090" }, // your site
});
