import { writeSync } from 'node:fs';
import { Api } from './api';

let version: Promise<string> | undefined;

/** Prints a measured figure on a line of its own, with the version it holds for. */
export async function figure(text: string): Promise<void> {
  version ??= Api.default().get('/version').then(answer => answer.gitVersion);
  // Past jest, whose reporter holds output back and may lose the last of it.
  writeSync(1, `    figure ${await version}: ${text}\n`);
}

export const percent = (part: number, whole: number) => `${(100 * part / whole).toFixed(1)} %`;
