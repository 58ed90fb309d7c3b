import { escapeForTerminal } from '../../lib/display.js';

/** URLs, with commas between them, as a person may see them: without user, password and query. */
export const shownUrl = (urls: string): string =>
  urls
    .split(',')
    .map((url) =>
      escapeForTerminal(
        url
          .trim()
          .replace(/[?#].*$/s, '')
          .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1'),
      ),
    )
    .join(',');
