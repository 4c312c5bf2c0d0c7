import type { Page } from "playwright-core";

/** Shows a page as a person of a role sees it: the session is made up, and the key stands for it in what is asked. */
export async function actAs(page: Page, key: string, role: "owner" | "viewer"): Promise<void> {
  const session = {
    user: {
      user_id: "1",
      email: "ada@example.com",
      name: "Ada Lovelace",
      administrator: role === "owner",
    },
    tenants: [{ tenant_id: "demo", role }],
    tenant_id: "demo",
    csrf_token: "",
  };
  await page.route("**/api/v1/sign-in", (route) =>
    route.fulfill({ json: { password: true, setup: false, session } }),
  );
  await page.route("**/api/v1/**", (route) =>
    route.fallback({ headers: { ...route.request().headers(), authorization: `Bearer ${key}` } }),
  );
  if (role === "viewer") {
    await page.route("**/api/v1/permissions", (route) =>
      route.fulfill({ json: { tenant_id: "demo", permissions: ["reports:view", "status:read"] } }),
    );
  }
}
