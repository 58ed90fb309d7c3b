/** Whether there is a subject that both match: `*` is any one token, `>` at the end one or more (as in nats-server). */
export function collide(one: string, other: string): boolean {
  const tokens = one.split('.');
  const others = other.split('.');
  for (const [at, token] of tokens.entries()) {
    const against = others[at];
    if (against === undefined) return false;
    if (token === '>' || against === '>') return true;
    if (token !== against && token !== '*' && against !== '*') return false;
  }
  return tokens.length === others.length;
}
