import { NscError } from '../errors.js';

/** The errno name of a failed system call (`ENOENT`, `EACCES`, …); undefined for anything else that was thrown. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Whether a failed system call says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

const REASONS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ['permission denied', 'check the owner and the mode of the directory'],
  EPERM: ['the operation is not permitted', 'check the owner, the mode and the attributes of the directory'],
  EROFS: ['the file system is read-only', 'use directories on a file system that can be written'],
  ENOSPC: ['no space is left on the device', 'free some space and try again'],
  EDQUOT: ['the disk quota is used up', 'free some space and try again'],
  EEXIST: ['something else is in its place', 'move that away'],
  EISDIR: ['it is a directory', 'name a file, or move the directory away'],
  ENOENT: ['a part of the path does not exist', 'make the directory first'],
  ENOTDIR: ['a part of the path is not a directory', 'move that file away'],
  EMFILE: ['too many files are open', 'raise the limit of open files (ulimit -n)'],
  ENAMETOOLONG: ['the name is too long', 'use a shorter name'],
};

/**
 * A failed system call as an error of ours. An `NscError` is passed through.
 *
 * @param action what was tried, as a verb: "read", "write"
 */
export function ioError(action: string, path: string, cause: unknown): NscError {
  if (cause instanceof NscError) return cause;
  const code = errnoOf(cause);
  const [reason, hint] = REASONS[code ?? ''] ?? [code ?? String(cause), undefined];
  return new NscError('store-io', `cannot ${action} ${path}: ${reason}`, {
    ...(hint !== undefined && { hint }),
    details: { path, reason: code ?? 'unknown' },
    cause,
  });
}
