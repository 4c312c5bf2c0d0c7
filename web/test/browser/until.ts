const LOOK_MILLIS = 50;

/** Waits until something holds, which it looks at again and again; fails after some milliseconds with what it waited for. */
export async function until(
  what: string,
  millis: number,
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + millis;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${millis} ms in vain until ${what}`);
    await new Promise((next) => setTimeout(next, LOOK_MILLIS));
  }
}
