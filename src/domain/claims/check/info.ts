import type { Issue } from '../types.js';
import { issueOf } from './issue.js';
import { show } from './show.js';
import { parseUrl } from './url.js';

/** The most bytes a description or an info URL may have (jwt-nkeys.md §2.8). */
const MAX_INFO_BYTES = 8192;

/** Rules N1–N4: description and info URL of an account or an export. */
export function checkInfo(info: { description?: string; info_url?: string }): Issue[] {
  const { description = '', info_url: infoUrl = '' } = info;
  const issues: Issue[] = [];
  if (isTooLong(description)) issues.push(issueOf('N1', `description is longer than ${MAX_INFO_BYTES} bytes`));
  if (infoUrl === '') return issues;
  if (isTooLong(infoUrl)) issues.push(issueOf('N2', `info URL is longer than ${MAX_INFO_BYTES} bytes`));
  const url = parseUrl(infoUrl);
  if (url === undefined) issues.push(issueOf('N3', `info URL ${show(infoUrl)} is not a URL`));
  else if (url.scheme === '' || url.hostname === '') {
    issues.push(issueOf('N4', `info URL ${show(infoUrl)} needs a scheme and a host`));
  }
  return issues;
}

function isTooLong(text: string): boolean {
  return text.length * 3 > MAX_INFO_BYTES && new TextEncoder().encode(text).length > MAX_INFO_BYTES;
}
