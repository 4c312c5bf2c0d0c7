import { basename } from "node:path";
import type { Plugin, Rollup } from "vite";

/**
 * Parts of ECharts that its core imports and no chart of ours reaches: ours have a category and a value axis in a rectangle, no
 * pattern, no shape of their own, no theme, no data set and no tooltip of the library. Each throws when it is called after all, so
 * that a chart that begins to need one fails in the browser tests, which draw every kind.
 */
const UNREACHED = [
  "echarts/lib/scale/Time.js",
  "echarts/lib/scale/Log.js",
  "echarts/lib/util/time.js",
  "echarts/lib/util/decal.js",
  "echarts/lib/util/shape/sausage.js",
  "echarts/lib/label/sectorLabel.js",
  "echarts/lib/component/tooltip/seriesFormatTooltip.js",
  "echarts/lib/data/helper/transform.js",
  "echarts/lib/loading/default.js",
  "zrender/lib/graphic/helper/roundSector.js",
  "zrender/lib/tool/path.js",
] as const;

/** Parts that run with every chart and change nothing about one of ours. */
const IDLE: Readonly<Record<string, string>> = {
  // Rewrites options of ECharts 2 and 3.
  "echarts/lib/preprocessor/backwardCompat.js": "export default () => {};",
  "echarts/lib/legacy/dataSelectAction.js":
    "export const handleLegacySelectEvents = () => {}; export const createLegacyDataSelectAction = () => {};",
  "echarts/lib/theme/dark.js": "export default {};",
  // Names of months, of saving as a picture and of what a screen reader is told; our elements say all of that themselves.
  "echarts/lib/i18n/langZH.js": 'export { default } from "./langEN.js";',
  // Listens to mouse and fingers for the library, which has nothing to tell them; ChartPointer does it for us.
  "zrender/lib/dom/HandlerProxy.js": "export default class { setCursor() {} dispose() {} }",
  "zrender/lib/core/GestureMgr.js": "export class GestureMgr { recognize() {} clear() {} }",
  "zrender/lib/mixin/Draggable.js": "export default class {}",
};

const inPackage = (id: string) => /\/node_modules\/((?:echarts|zrender)\/lib\/.*\.js)$/.exec(id)?.[1] ?? "";

/** Leaves out of the build what the chart library carries and our charts do not use. */
export function leanChartLibrary(): Plugin {
  const unreached: ReadonlySet<string> = new Set(UNREACHED);
  const missing = new Set([...UNREACHED, ...Object.keys(IDLE)]);
  return {
    name: "lean-chart-library",
    apply: "build",
    transform(code, id) {
      const part = inPackage(id);
      missing.delete(part);
      const idle = IDLE[part];
      if (idle) return { code: idle, map: null };
      return unreached.has(part) ? { code: absent(part, exportsOf(this.parse(code))), map: null } : null;
    },
    buildEnd(error) {
      if (!error && missing.size > 0)
        this.error(`The chart library has no such parts any more: ${[...missing].join(", ")}`);
    },
  };
}

function absent(part: string, names: readonly string[]): string {
  return `function absent() { throw new Error("${basename(part)} is not in this build"); }
export { ${names.map((name) => `absent as ${name}`).join(", ")} };`;
}

type Tree = ReturnType<Rollup.PluginContext["parse"]>;

function exportsOf(tree: Tree): string[] {
  return tree.body.flatMap((node) => {
    if (node.type === "ExportDefaultDeclaration") return ["default"];
    if (node.type !== "ExportNamedDeclaration") return [];
    const { declaration } = node;
    const declared =
      declaration?.type === "VariableDeclaration"
        ? declaration.declarations.map((each) => each.id)
        : declaration
          ? [declaration.id]
          : [];
    const named = node.specifiers.map((each) => each.exported);
    return [...declared, ...named].flatMap((id) => (id.type === "Identifier" ? [id.name] : []));
  });
}
