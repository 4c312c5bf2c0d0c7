import type { Page } from "../page-element";

/** A page with what it takes to show it. Its module is loaded when somebody first goes there. */
export interface PageEntry {
  readonly name: string;
  readonly title: string;
  /** Whether the navigation lists it. */
  readonly listed: boolean;
  readonly load: () => Promise<new () => Page>;
}

export const PAGES: readonly PageEntry[] = [
  {
    name: "home",
    title: "Home",
    listed: true,
    load: async () => (await import("../home/home-page")).HomePage,
  },
  {
    name: "reports",
    title: "Reports",
    listed: true,
    load: async () => (await import("../report/reports-page")).ReportsPage,
  },
  {
    name: "explore",
    title: "Explore",
    listed: true,
    load: async () => (await import("../explore/explore-page")).ExplorePage,
  },
  {
    name: "events",
    title: "Events",
    listed: true,
    load: async () => (await import("../events/events-page")).EventsPage,
  },
  {
    name: "people",
    title: "Person",
    listed: false,
    load: async () => (await import("../people/person-page")).PersonPage,
  },
  {
    name: "cohorts",
    title: "Cohorts",
    listed: true,
    load: async () => (await import("../cohorts/cohorts-page")).CohortsPage,
  },
  {
    name: "keys",
    title: "Keys & embedding",
    listed: true,
    load: async () => (await import("../system/keys-page")).KeysPage,
  },
  {
    name: "system",
    title: "System",
    listed: true,
    load: async () => (await import("../system/system-page")).SystemPage,
  },
];

const HOME = PAGES[0] as PageEntry;

export function pageOf(name: string): PageEntry {
  return PAGES.find((page) => page.name === name) ?? HOME;
}
