import type { EmbedGrant } from "../api/account";

export interface Snippet {
  readonly language: string;
  readonly text: string;
}

/** Server code that asks for an embed token: plain HTTP with what each language brings along. */
export function snippetsOf(origin: string, report: string, grant: EmbedGrant): readonly Snippet[] {
  const url = `${origin}/api/v1/reports/${encodeURIComponent(report)}/embed-tokens`;
  const body = JSON.stringify(grant);
  return [
    { language: "Node", text: node(url, grant) },
    { language: "Python", text: python(url, body) },
    { language: "Java", text: java(url, body) },
    { language: "Go", text: go(url, body) },
    { language: "curl", text: curl(url, body) },
  ];
}

function node(url: string, grant: EmbedGrant): string {
  const body = JSON.stringify(grant, null, 2).replaceAll("\n", "\n    ");
  return `// Answers the page's token-provider. The secret key stays on your server.
app.get("/my/report-token", async (request, response) => {
  const answer = await fetch(${JSON.stringify(url)}, {
    method: "POST",
    headers: {
      Authorization: \`Bearer \${process.env.TIDEMARK_SECRET_KEY}\`,
      "Content-Type": "application/json",
    },
    body: JSON.stringify(${body}),
  });
  if (!answer.ok) throw new Error(\`no token: \${answer.status}\`);
  response.json(await answer.json());
});`;
}

function python(url: string, body: string): string {
  return `import json, os, urllib.request

def report_token() -> dict:
    """What the page's token-provider answers. The secret key stays on your server."""
    request = urllib.request.Request(
        ${JSON.stringify(url)},
        data=${pythonText(body)}.encode(),
        headers={
            "Authorization": f"Bearer {os.environ['TIDEMARK_SECRET_KEY']}",
            "Content-Type": "application/json",
        },
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)`;
}

function java(url: string, body: string): string {
  return `/** What the page's token-provider answers. The secret key stays on your server. */
static String reportToken(HttpClient client) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(URI.create(${JSON.stringify(url)}))
            .header("Authorization", "Bearer " + System.getenv("TIDEMARK_SECRET_KEY"))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString(${JSON.stringify(body)}))
            .build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 201) throw new IOException("no token: " + answer.statusCode());
    return answer.body();
}`;
}

function go(url: string, body: string): string {
  return `// reportToken is what the page's token-provider answers. The secret key stays on your server.
func reportToken(ctx context.Context) ([]byte, error) {
	body := strings.NewReader(${JSON.stringify(body)})
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, ${JSON.stringify(url)}, body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+os.Getenv("TIDEMARK_SECRET_KEY"))
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusCreated {
		return nil, fmt.Errorf("no token: %s", answer.Status)
	}
	return io.ReadAll(answer.Body)
}`;
}

function curl(url: string, body: string): string {
  return [
    `curl -X POST ${shellText(url)} \\`,
    '  -H "Authorization: Bearer $TIDEMARK_SECRET_KEY" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d ${shellText(body)}`,
  ].join("\n");
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A JSON text as a Python literal; the escapes of JSON mean the same there. */
function pythonText(text: string): string {
  return JSON.stringify(text);
}

/** What the customer's page contains. */
export function pageSnippet(origin: string, report: string, theme: string): string {
  return `<script type="module" src="${origin}/embed.js"></script>
<tidemark-report
  report="${report}"
  src="${origin}"
  token-provider="/my/report-token"
  theme="${theme}"
></tidemark-report>`;
}

export function frameSnippet(url: string): string {
  return `<script type="module" src="${new URL(url).origin}/embed.js"></script>
<iframe
  src="${url.replaceAll("&", "&amp;")}"
  title="Report"
  width="100%"
  height="600"
  loading="lazy"
  style="border: 0"
></iframe>`;
}
