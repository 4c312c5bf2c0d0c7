import { resolve } from "node:path";
import { build, defineConfig, type InlineConfig, type Plugin } from "vite";
import { leanChartLibrary } from "./chart-library";

/** Where `npm run dev` finds the API: a Tidemark server, or the mock of `npm run mock`. */
const server = process.env.TIDEMARK_URL ?? "http://127.0.0.1:8080";

const root = import.meta.dirname;
const tracker = resolve(root, "packages/sdk/src");

/** Takes ten seconds more than Vite's own minifier, once, and a thirtieth off what every reader of a report loads. */
const SMALL = { minify: "terser", terserOptions: { compress: { passes: 2 } } } as const;

/** The tracker is one classic script for pages, which cannot be among the modules, and one module for npm. */
function trackerBuilds(): InlineConfig[] {
  const common = { configFile: false, logLevel: "warn", publicDir: false } as const;
  const lib = (entry: string, format: "iife" | "es", outDir: string, fileName: string): InlineConfig => ({
    ...common,
    build: {
      target: "es2020",
      ...SMALL,
      outDir: resolve(root, outDir),
      emptyOutDir: false,
      copyPublicDir: false,
      lib: {
        entry: resolve(tracker, entry),
        formats: [format],
        name: "tidemarkScript",
        fileName: () => fileName,
      },
    },
  });
  return [
    lib("script.ts", "iife", "dist", "tidemark.js"),
    lib("index.ts", "es", "packages/sdk/dist", "index.js"),
  ];
}

function trackerBesides(): Plugin {
  return {
    name: "tracker-besides",
    apply: "build",
    closeBundle: async () => {
      for (const config of trackerBuilds()) await build(config);
    },
  };
}

/** The style sheets of the elements are texts to the minifier; their indentation is not worth sending. */
function withoutIndentation(): Plugin {
  return {
    name: "without-indentation",
    apply: "build",
    enforce: "pre",
    transform: (code, id) =>
      id.includes("/packages/widgets/src/") && code.includes("css`")
        ? { code: code.replace(/css`[^`]*`/g, (sheet) => sheet.replace(/\s+/g, " ")), map: null }
        : null,
  };
}

/** Chunks that are on pages of the server's own origin alone. */
const OF_THE_DASHBOARD = /^assets\/(index|(?!embed-)[a-z]+-page)-/;

/** The page of an embedded report fetches what draws charts beside its first scripts, not after the first answer. */
function chartsAhead(): Plugin {
  return {
    name: "charts-ahead",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler: (_, { path, bundle }) => {
        const charts = Object.keys(bundle ?? {}).find((file) => file.includes("/chart-canvas-"));
        return path === "/embed.html" && charts
          ? [
              {
                tag: "link",
                attrs: { rel: "modulepreload", crossorigin: true, href: `/${charts}` },
                injectTo: "head",
              },
            ]
          : [];
      },
    },
  };
}

export default defineConfig({
  plugins: [trackerBesides(), withoutIndentation(), leanChartLibrary(), chartsAhead()],
  build: {
    target: "es2022",
    ...SMALL,
    modulePreload: {
      polyfill: false,
      // What the elements load later they load by their own address: embed.js runs on pages of other origins.
      resolveDependencies: (_, chunks, { hostId, hostType }) =>
        hostType === "html" || OF_THE_DASHBOARD.test(hostId) ? chunks : [],
    },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: {
        index: resolve(import.meta.dirname, "index.html"),
        "embed-page": resolve(import.meta.dirname, "embed.html"),
        share: resolve(import.meta.dirname, "share.html"),
        "demo-host": resolve(import.meta.dirname, "demo-host.html"),
        embed: resolve(import.meta.dirname, "packages/widgets/src/embed.ts"),
      },
      preserveEntrySignatures: "exports-only",
      output: {
        entryFileNames: (chunk) => (chunk.name === "embed" ? "embed.js" : "assets/[name]-[hash].js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: "assets/[name]-[hash][extname]",
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ["/api", "/health", "/demo/embed-url"].map((path) => [path, { target: server, changeOrigin: true }]),
    ),
  },
});
