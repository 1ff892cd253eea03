import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { STATE } from './process';

/** The command that runs one of the bench's own programs, plain Node at its start because pods start often. */
export function program(name: string, ...args: string[]): string[] {
  const compiled = join(STATE, `${name}.js`);
  if (!existsSync(compiled)) {
    const source = readFileSync(join(__dirname, `${name}.ts`), 'utf8');
    const options = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
    writeFileSync(compiled, transpileModule(source, { compilerOptions: options }).outputText);
  }
  return [process.execPath, compiled, ...args];
}
