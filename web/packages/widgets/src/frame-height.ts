/** The message by which an embed page tells the page around it how high it would like to be. */
export interface HeightMessage {
  readonly type: "tidemark:height";
  readonly report: string;
  readonly height: number;
}

/** Tells the parent page the height of the document, now and whenever it changes. */
export function postHeight(report: string, element: Element): void {
  if (window.parent === window) return;
  let last = -1;
  const post = () => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === last) return;
    last = height;
    const message: HeightMessage = { type: "tidemark:height", report, height };
    // The height is no secret, and who may frame the page is decided by its frame-ancestors policy.
    window.parent.postMessage(message, "*");
  };
  new ResizeObserver(post).observe(element);
  post();
}

/** Gives every iframe of this page that shows a report the height that its report asks for. */
export function followHeights(): void {
  window.addEventListener("message", (event) => {
    if (!isHeight(event.data)) return;
    for (const frame of document.querySelectorAll("iframe")) {
      if (frame.contentWindow === event.source) frame.style.height = `${event.data.height}px`;
    }
  });
}

function isHeight(data: unknown): data is HeightMessage {
  return (
    typeof data === "object" &&
    data !== null &&
    "type" in data &&
    data.type === "tidemark:height" &&
    "height" in data &&
    typeof data.height === "number" &&
    data.height > 0
  );
}
