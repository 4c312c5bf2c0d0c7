/** How a tracker works. */
export interface Settings {
  /** A write key: it may only send events, so a page can show it to everybody. */
  readonly writeKey: string;
  /** The address of the Tidemark server, as in `https://tidemark.example`. */
  readonly host: string;
  /**
   * Where a visitor is remembered: `localStorage` (default), `cookie` (for all subdomains, with `cookieDomain`), or `memory`: until
   * the page is left.
   */
  readonly persistence?: "localStorage" | "cookie" | "memory";
  readonly cookieDomain?: string;
  /** Sends a page view for each page and each step of the history; `hash` takes the part after `#` for a page too. Default: true. */
  readonly pageViews?: boolean | "hash";
  /** Sends `outbound_link_clicked` for links that lead to another host. Default: false. */
  readonly outboundLinks?: boolean;
  /** `required` keeps events in memory, sends nothing and stores nothing until `optIn`. Default: `assumed`. */
  readonly consent?: "assumed" | "required";
  /** Whether Do Not Track and Global Privacy Control stop everything until `optIn`. Default: `respect`. */
  readonly privacySignals?: "respect" | "ignore";
  /** Told of what went wrong. The tracker itself never throws and writes nothing to the console. */
  readonly onError?: (problem: unknown) => void;
}
