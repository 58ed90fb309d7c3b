/**
 * Whether a subject may be imported where another one is exported, as the server compares them: token by token, `*`
 * stands for any one token but `>`, and `>` at the end for one or more. The validation rules are laxer, there `*`
 * stands for a `>` too (nsc-distribution.md §5.6).
 */
export function covers(exported: string, wanted: string): boolean {
  if (exported === wanted) return true;
  const outer = exported.split('.');
  const inner = wanted.split('.');
  for (const [at, token] of outer.entries()) {
    const found = inner[at];
    if (found === undefined || found === '') return false;
    if (token === '>') return true;
    if (found === '>' || (token !== '*' && token !== found)) return false;
  }
  return inner.length === outer.length;
}
