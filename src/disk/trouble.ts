// What the disk refuses, as a problem that names the file.
import type { Problem } from '../sim/model/problem.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory', EACCES: 'permission denied', EPERM: 'operation not permitted', EISDIR: 'is a directory', ENOTDIR: 'a part of the path is not a directory',
  ELOOP: 'too many symbolic links', EROFS: 'read-only file system', ENOSPC: 'no space left on device', ENAMETOOLONG: 'the name is too long', EMFILE: 'too many open files',
};

export const trouble = (code: string, file: string, says: string, help: string | null = null): Problem => ({
  code, severity: 'error', says, where: { file, line: null, column: null, object: null, field: null }, help,
});

/** The problem behind an error of the file system; any other error is ours and is thrown on. */
export function troubleOf(error: unknown, file: string): Problem {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined || !/^E[A-Z0-9]+$/.test(code)) throw error;
  return trouble(code === 'ENOENT' ? 'file-not-found' : 'file-unreadable', file, reasons[code] ?? code);
}
