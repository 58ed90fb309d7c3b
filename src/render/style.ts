/** How answers should look. The process boundary decides it; nothing here asks the terminal or the environment. */
export interface Style {
  readonly color: boolean;
  /** Columns of the terminal; undefined where the output is not a terminal, and then nothing is shortened. */
  readonly width: number | undefined;
  /** False for terminals that show nothing but ASCII. */
  readonly unicode?: false;
  /** The home directory, shown as `~`. */
  readonly home: string;
  /** Unix seconds. */
  readonly now: number;
}
