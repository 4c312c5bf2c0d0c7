import { loadCharts } from "@tidemark/widgets/load-charts";
import type { Permission } from "../api/account";
import type { App } from "../app";
import type { Page } from "../page-element";
import type { Icon } from "./icons";
import type { Route } from "./route";

/** A page with what it takes to show it. Its module is loaded when somebody first goes there. */
export interface PageEntry {
  readonly name: string;
  readonly title: string;
  /** Under which heading the navigation lists it; null where it does not. */
  readonly group: Group | null;
  readonly icon?: Icon;
  /** What one must be allowed to do to see anything there. */
  readonly needs?: Permission;
  /** What it takes besides for a part of it: the first of the address below the page (`new`), or the second (`edit`). */
  readonly acts?: Readonly<Record<string, Permission>>;
  /** For persons who have signed in. */
  readonly signedIn?: boolean;
  /** For those who administer the server. */
  readonly administrators?: boolean;
  /** The page that is marked in the navigation while this one is open. */
  readonly under?: string;
  /** Whether charts are certain to be on it, so that what draws them is loaded beside it. */
  readonly charts?: (route: Route) => boolean;
  readonly load: () => Promise<new () => Page>;
}

export type Group = "Reports" | "Data" | "Administration";

export const GROUPS: readonly Group[] = ["Reports", "Data", "Administration"];

export const PAGES: readonly PageEntry[] = [
  {
    name: "home",
    title: "Home",
    group: "Reports",
    icon: "home",
    charts: () => true,
    load: async () => (await import("../home/home-page")).HomePage,
  },
  {
    name: "reports",
    title: "Reports",
    group: "Reports",
    icon: "reports",
    acts: { new: "reports:edit", edit: "reports:edit", share: "reports:share" },
    charts: ({ rest: [report = "new"] }) => report !== "new",
    load: async () => (await import("../report/reports-page")).ReportsPage,
  },
  {
    name: "explore",
    title: "Explore",
    group: "Reports",
    icon: "explore",
    needs: "data:query",
    load: async () => (await import("../explore/explore-page")).ExplorePage,
  },
  {
    name: "cohorts",
    title: "Cohorts",
    group: "Reports",
    icon: "cohorts",
    needs: "cohorts:read",
    acts: { new: "cohorts:edit", edit: "cohorts:edit" },
    load: async () => (await import("../cohorts/cohorts-page")).CohortsPage,
  },
  {
    name: "events",
    title: "Events",
    group: "Data",
    icon: "events",
    needs: "events:read",
    load: async () => (await import("../events/events-page")).EventsPage,
  },
  {
    name: "people",
    title: "Person",
    group: null,
    needs: "events:read",
    under: "events",
    load: async () => (await import("../people/person-page")).PersonPage,
  },
  {
    name: "dead-letters",
    title: "Dead letters",
    group: "Data",
    icon: "letters",
    needs: "dead_letters:read",
    load: async () => (await import("../letters/letters-page")).LettersPage,
  },
  {
    name: "schemas",
    title: "Schemas",
    group: "Data",
    icon: "schemas",
    needs: "schemas:read",
    acts: { edit: "schemas:edit" },
    load: async () => (await import("../schemas/schemas-page")).SchemasPage,
  },
  {
    name: "alerts",
    title: "Alerts",
    group: "Data",
    icon: "alerts",
    needs: "settings:read",
    load: async () => (await import("../alerts/alerts-page")).AlertsPage,
  },
  {
    name: "members",
    title: "Members & roles",
    group: "Administration",
    icon: "people",
    needs: "members:read",
    load: async () => (await import("../members/members-page")).MembersPage,
  },
  {
    name: "keys",
    title: "Keys & embedding",
    group: "Administration",
    icon: "keys",
    needs: "keys:manage",
    load: async () => (await import("../system/keys-page")).KeysPage,
  },
  {
    name: "privacy",
    title: "Privacy",
    group: "Administration",
    icon: "privacy",
    needs: "settings:read",
    load: async () => (await import("../privacy/privacy-page")).PrivacyPage,
  },
  {
    name: "audit",
    title: "Audit log",
    group: "Administration",
    icon: "audit",
    needs: "audit:read",
    load: async () => (await import("../audit/audit-page")).AuditPage,
  },
  {
    name: "usage",
    title: "Usage & limits",
    group: "Administration",
    icon: "usage",
    needs: "settings:read",
    load: async () => (await import("../usage/usage-page")).UsagePage,
  },
  {
    name: "system",
    title: "System",
    group: "Administration",
    icon: "system",
    needs: "status:read",
    load: async () => (await import("../system/system-page")).SystemPage,
  },
  {
    name: "users",
    title: "Users of this server",
    group: "Administration",
    icon: "people",
    administrators: true,
    load: async () => (await import("../users/users-page")).UsersPage,
  },
  {
    name: "account",
    title: "Your account",
    group: null,
    signedIn: true,
    load: async () => (await import("../members/account-page")).AccountPage,
  },
];

const HOME = PAGES[0] as PageEntry;

export function pageOf(name: string): PageEntry {
  return PAGES.find((page) => page.name === name) ?? HOME;
}

/** Begins to load what the page of an address is made of. */
export function fetchAhead(route: Route): void {
  const page = pageOf(route.page);
  // What fails here is loaded again, and told of, when the page is shown.
  page.load().catch(() => null);
  if (page.charts?.(route)) loadCharts().catch(() => null);
}

/** Whether the server would show the page, or the part of it that an address leads to, to the session. */
export function isOpen(page: PageEntry, app: App, rest: readonly string[] = []): boolean {
  const [first = "", act = ""] = rest;
  const needed = page.acts?.[first === "new" ? first : act];
  return (
    (needed === undefined || app.may(needed)) &&
    (page.needs === undefined || app.may(page.needs)) &&
    (!page.signedIn || app.person !== null) &&
    (!page.administrators || app.person?.user.administrator === true)
  );
}

/** The pages of a heading that the navigation lists for the session. */
export function listed(group: Group, app: App): readonly PageEntry[] {
  return PAGES.filter((page) => page.group === group && isOpen(page, app));
}
