/**
 * The part that a customer of Tidemark writes: ask the own server for an embed address, put it in an iframe, follow its
 * height, and hand over a fresh token when the report asks for one.
 */
const place = document.querySelector<HTMLElement>(".report");

async function embedUrl(): Promise<URL> {
  const response = await fetch("/demo/embed-url", { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`/demo/embed-url answered ${response.status}`);
  const body = (await response.json()) as { embed_url: string };
  return new URL(body.embed_url, location.href);
}

async function show(into: HTMLElement): Promise<void> {
  const url = await embedUrl();
  url.searchParams.set("theme", "light");
  const frame = document.createElement("iframe");
  frame.title = "Audience report";
  frame.src = url.href;
  window.addEventListener("message", (event: MessageEvent<{ type?: string; height?: number }>) => {
    if (event.source !== frame.contentWindow || event.origin !== url.origin) return;
    if (event.data.type === "tidemark:height") frame.style.height = `${event.data.height}px`;
    if (event.data.type === "tidemark:token-needed") void renew(frame, url.origin);
  });
  into.replaceChildren(frame);
}

async function renew(frame: HTMLIFrameElement, origin: string): Promise<void> {
  const token = (await embedUrl()).searchParams.get("token");
  frame.contentWindow?.postMessage({ type: "tidemark:token", token }, origin);
}

if (place) {
  show(place).catch((cause: unknown) => {
    const note = document.createElement("p");
    note.className = "wait";
    note.setAttribute("role", "alert");
    note.textContent = `Your report is not available right now (${cause instanceof Error ? cause.message : cause}).`;
    place.replaceChildren(note);
  });
}
