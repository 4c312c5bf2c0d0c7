/** Of this package; a test compares it with what the package says of itself. */
export const VERSION = "0.1.0";
