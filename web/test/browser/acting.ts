import type { Page } from "playwright-core";

const SESSION_HERE = {
  session_id: "1",
  created_at: "2026-11-20T09:00:00Z",
  last_used_at: "2026-11-22T09:00:00Z",
  address: "203.0.113.7",
  user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36",
  current: true,
};

/** Stands for an administrator in what is asked of the whole server. */
const OPERATOR_KEY = process.env.TIDEMARK_OPERATOR_KEY ?? "";

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
  await page.route("**/api/v1/sessions", (route) =>
    route.fulfill({
      json: { sessions: [SESSION_HERE, { ...SESSION_HERE, session_id: "2", current: false }] },
    }),
  );
  if (role === "owner") {
    await page.route("**/metrics", (route) =>
      route.fallback({ headers: { ...route.request().headers(), authorization: `Bearer ${OPERATOR_KEY}` } }),
    );
  }
  if (role === "viewer") {
    await page.route("**/api/v1/permissions", (route) =>
      route.fulfill({ json: { tenant_id: "demo", permissions: ["reports:view", "status:read"] } }),
    );
  }
}
