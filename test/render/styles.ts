import type { Result } from '../../src/app/result.js';
import { render } from '../../src/render/render.js';
import type { Style } from '../../src/render/style.js';

/** 2026-01-02 03:04:05 UTC. */
export const NOW = 1_767_323_045;

export const piped: Style = { color: false, width: undefined, home: '/home/bob', now: NOW };
export const colored: Style = { ...piped, color: true };
export const terminal = (width: number): Style => ({ ...piped, width });

export async function textOf(result: Result, style: Style = piped): Promise<string> {
  return [...(await render(result, style))].join('');
}

const ESCAPE = String.fromCharCode(27);

/** Colour made visible: `ESC[1m` is shown as `<1>`. */
export const showColor = (text: string): string => text.replaceAll(ESCAPE, '').replace(/\[(\d+)m/g, '<$1>');
