import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { captureStderr, parse } from './support';
import { expectValid } from './valid';

const EXAMPLES = join(__dirname, '..', 'examples');
const names = readdirSync(EXAMPLES).filter(file => file.endsWith('.ts') && file !== 'all.ts').map(file => file.replace(/\.ts$/, ''));

/** Runs an example as a program of its own would, and returns what it wrote. */
function run(name: string): { yaml: string; stderr: string } {
  const outdir = mkdtempSync(join(tmpdir(), 'examples-'));
  process.env.CDK8S_OUTDIR = outdir;
  try {
    const stderr = captureStderr(() => jest.isolateModules(() => { jest.requireActual(join(EXAMPLES, name)); }));
    return { yaml: readFileSync(join(outdir, `${name}.k8s.yaml`), 'utf8'), stderr };
  } finally {
    delete process.env.CDK8S_OUTDIR;
    rmSync(outdir, { recursive: true });
  }
}

test('every example has a golden manifest, and every golden manifest an example', () => {
  const goldens = readdirSync(join(__dirname, 'examples')).map(file => file.replace(/\.k8s\.yaml$/, ''));
  expect(goldens.sort()).toEqual([...names].sort());
});

describe.each(names)('the example %s', name => {
  const golden = () => readFileSync(join(__dirname, 'examples', `${name}.k8s.yaml`), 'utf8');

  test('writes its golden manifest', () => {
    expect(run(name).yaml).toEqual(golden());
  });

  test('writes the same bytes twice', () => {
    expect(run(name).yaml).toEqual(run(name).yaml);
  });

  test('holds objects that Kubernetes\' schema accepts', () => {
    parse(golden()).forEach(expectValid);
  });

  test('warns of nothing that its author has not seen', () => {
    expect(run(name).stderr).toEqual('');
  });
});
