import { test, expect } from "@playwright/test";

const emulator = "http://localhost:8091";

// The page asks its own server for a token. The test answers in its place.
async function signIn(page, user) {
  const { [`${user}_ID`]: id, [`${user}_TOKEN`]: token } = process.env;
  await page.route("**/token", (route) => route.fulfill({ json: { endpoint: emulator, id, token } }));
}

test("what is sent is shown", async ({ page }) => {
  await signIn(page, "JANE");
  await page.goto("/");
  await page.getByLabel("Message").fill("Pizza?");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.locator("#messages")).toHaveText("Pizza?");
});

test("a lost answer is reported", async ({ page, request }) => {
  await request.post(`${emulator}/emulator/faults`, { data: { operation: "sendMessage", call: 1, drop: true, after: true } });
  await signIn(page, "ALEX");
  await page.goto("/");
  await page.getByLabel("Message").fill("Pasta?");
  await page.getByRole("button", { name: "Send" }).click();
  await expect(page.getByRole("alert")).toHaveText("This may or may not have been sent.");
  await expect(page.locator("#messages")).toHaveText("Pasta?"); // it has
});

test.afterEach(({ request }) => request.delete(`${emulator}/emulator/faults`));
