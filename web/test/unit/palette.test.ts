import { describe, expect, it } from "vitest";
import { SERIES_DARK, SERIES_LIGHT } from "../../packages/widgets/src/palette";

type Colour = readonly [number, number, number];
type Matrix = readonly [Colour, Colour, Colour];

/** Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB. */
const VISIONS: Readonly<Record<string, Matrix>> = {
  full: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

function linear(hex: string): Colour {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return [red, green, blue];
}

function dot(a: Colour, b: Colour): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function seen(colour: Colour, matrix: Matrix): Colour {
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return [clip(dot(matrix[0], colour)), clip(dot(matrix[1], colour)), clip(dot(matrix[2], colour))];
}

/** OKLab, times 100. */
function perceived(colour: Colour): Colour {
  const lms: Colour = [
    Math.cbrt(dot([0.4122214708, 0.5363325363, 0.0514459929], colour)),
    Math.cbrt(dot([0.2119034982, 0.6806995451, 0.1073969566], colour)),
    Math.cbrt(dot([0.0883024619, 0.2817188376, 0.6299787005], colour)),
  ];
  return [
    100 * dot([0.2104542553, 0.793617785, -0.0040720468], lms),
    100 * dot([1.9779984951, -2.428592205, 0.4505937099], lms),
    100 * dot([0.0259040371, 0.7827717662, -0.808675766], lms),
  ];
}

function contrast(a: Colour, b: Colour): number {
  const light = (colour: Colour) => dot([0.2126, 0.7152, 0.0722], colour) + 0.05;
  return Math.max(light(a) / light(b), light(b) / light(a));
}

describe.each([
  { theme: "light", palette: SERIES_LIGHT, surface: "#ffffff" },
  { theme: "dark", palette: SERIES_DARK, surface: "#161c29" },
])("the $theme palette", ({ palette, surface }) => {
  it.each(Object.entries(VISIONS))("keeps its colours apart under %s vision", (_, matrix) => {
    const colours = palette.map((hex) => perceived(seen(linear(hex), matrix)));
    for (const [at, colour] of colours.entries()) {
      for (const [other, against] of colours.slice(0, at).entries()) {
        const distance = Math.hypot(colour[0] - against[0], colour[1] - against[1], colour[2] - against[2]);
        expect(distance, `colours ${other + 1} and ${at + 1}`).toBeGreaterThan(8);
      }
    }
  });

  it("stands out from its surface", () => {
    for (const hex of palette) expect(contrast(linear(hex), linear(surface)), hex).toBeGreaterThan(2.5);
  });
});
