import { ZONE_NAMES } from './time-zone-names.js';

let names: Set<string> | undefined;

/**
 * Whether Go's `time.LoadLocation` finds a zone of this name on a host with a full zoneinfo directory. Case matters;
 * `UTC`, `Local`, `localtime`, `posixrules` and every zone below `posix/` and `right/` are found too
 * (jwt-nkeys.md §3.9). Offsets such as `+01:00` are not names.
 */
export function isTimeZone(name: string): boolean {
  if (name === 'Local' || name === 'localtime' || name === 'posixrules') return true;
  names ??= new Set(listZones());
  return names.has(name.replace(/^(?:posix|right)\//, ''));
}

/** Every zone name of the table. */
export function listZones(): string[] {
  return Object.entries(ZONE_NAMES).flatMap(([region, zones]) =>
    zones
      .trim()
      .split(/\s+/)
      .map((zone) => (region === '' ? zone : `${region}/${zone}`)),
  );
}
