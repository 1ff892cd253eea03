import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where everything that the lab writes lies: in memory, gone with the lab. */
export const STATE = '/run/lab';

/** A process of the lab, its output in a file. */
export class Process {
  readonly exited: Promise<void>;
  private readonly log: string;
  private readonly child: ChildProcess;

  constructor(readonly name: string, command: string[], namespace?: string) {
    mkdirSync(STATE, { recursive: true });
    this.log = join(STATE, `${name}.log`);
    const output = openSync(this.log, 'a');
    const [program, ...args] = namespace ? ['ip', 'netns', 'exec', namespace, ...command] : command;
    this.child = spawn(program, args, { stdio: ['ignore', output, output] });
    this.child.unref();
    closeSync(output);
    this.exited = new Promise(resolve => {
      this.child.once('exit', () => resolve());
      this.child.once('error', () => resolve());
    });
  }

  get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null && this.child.pid !== undefined;
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  async kill(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** The last lines of its output. */
  tail(lines = 15): string {
    return existsSync(this.log) ? readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';
  }
}
