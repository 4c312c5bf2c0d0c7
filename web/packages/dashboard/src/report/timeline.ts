const MOST_STEPS = 200;

/** A value with what it was before and, after going back, what it was to become. Immutable. */
export class Timeline<T> {
  private constructor(
    readonly present: T,
    private readonly past: readonly T[],
    private readonly future: readonly T[],
    /** What the last step was about; a further step about the same takes its place. */
    private readonly about: string,
  ) {}

  static of<T>(value: T): Timeline<T> {
    return new Timeline(value, [], [], "");
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  /**
   * A further step.
   *
   * @param about what is changed, where one undo shall take back a whole row of such changes; empty for a step of its own
   */
  followed(value: T, about = ""): Timeline<T> {
    if (about !== "" && about === this.about && this.past.length > 0) {
      return new Timeline(value, this.past, [], about);
    }
    return new Timeline(value, [...this.past, this.present].slice(-MOST_STEPS), [], about);
  }

  undone(): Timeline<T> {
    const before = this.past.at(-1);
    if (before === undefined) return this;
    return new Timeline(before, this.past.slice(0, -1), [this.present, ...this.future], "");
  }

  redone(): Timeline<T> {
    const [next, ...future] = this.future;
    if (next === undefined) return this;
    return new Timeline(next, [...this.past, this.present], future, "");
  }

  /** The same with nothing to add the next step to. */
  settled(): Timeline<T> {
    return new Timeline(this.present, this.past, this.future, "");
  }
}
