/**
 * Whether a text is a time of day as Go reads the layout `15:04:05`: the hour may have one digit, a fraction of a
 * second may follow after `.` or `,` (jwt-nkeys.md §3.9).
 */
export function isTimeOfDay(text: string): boolean {
  return /^(?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]+)?$/.test(text);
}
