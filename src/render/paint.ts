type Brush = (text: string) => string;

/** The few ways text may stand out. Meaning never depends on it alone. */
export interface Paint {
  readonly bold: Brush;
  readonly dim: Brush;
  readonly red: Brush;
  readonly green: Brush;
  readonly yellow: Brush;
}

const same: Brush = (text) => text;

/** No colour: text stays as it is. */
export const plain: Paint = { bold: same, dim: same, red: same, green: same, yellow: same };

/**
 * The paint of a style. chalk is loaded only when there is colour to show, and with an explicit level: it neither
 * looks at the environment nor colours pipes (E-55).
 */
export async function loadPaint(color: boolean): Promise<Paint> {
  if (!color) return plain;
  const { Chalk } = await import('chalk');
  const { bold, dim, red, green, yellow } = new Chalk({ level: 1 });
  return { bold, dim, red, green, yellow };
}
