/**
 * Whether a server takes a text for a subject: tokens that are not empty and without white space, a `>` only at the end.
 */
export function isServerSubject(subject: string): boolean {
  const tokens = subject.split('.');
  return tokens.every(
    (token, at) => token !== '' && !/[\t\n\f\r ]/.test(token) && (token !== '>' || at === tokens.length - 1),
  );
}
