import { readFileSync } from 'node:fs';
import { Agent, request, RequestOptions } from 'node:https';
import { KubeConfig, Watch } from '@kubernetes/client-node';

/** Real Kubernetes JSON: what the library emits, what the API server answers. */
export type Manifest = any;

export class ApiError extends Error {
  constructor(readonly code: number, message: string) {
    super(message);
  }
}

/**
 * The API server, spoken to in raw JSON.
 *
 * The typed clients drop fields they do not know, which would hide the very
 * mistakes that a strict dry run is there to find.
 */
export class Api {
  static default(): Api {
    const config = new KubeConfig();
    config.loadFromDefault();
    return new Api(config);
  }

  private readonly agent: Agent;

  constructor(private readonly config: KubeConfig) {
    const cluster = config.getCurrentCluster();
    const ca = cluster?.caData ? Buffer.from(cluster.caData, 'base64') : cluster?.caFile && readFileSync(cluster.caFile);
    this.agent = new Agent({ keepAlive: true, ca: ca || undefined, rejectUnauthorized: !cluster?.skipTLSVerify });
  }

  async call(method: string, path: string, body?: Manifest, contentType = 'application/json'): Promise<Manifest> {
    const options: RequestOptions = {};
    await this.config.applyToHTTPSOptions(options);
    // Node sends no length with a DELETE's body, unless told.
    const text = body === undefined ? '' : JSON.stringify(body);
    const headers = { ...options.headers, 'content-type': contentType, 'content-length': Buffer.byteLength(text) };
    Object.assign(options, { method, agent: this.agent, headers });
    return new Promise((resolve, reject) => {
      const sent = request(`${this.config.getCurrentCluster()!.server}${path}`, options, response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answered = Buffer.concat(chunks).toString();
          const code = response.statusCode!;
          const answer = answered.startsWith('{') ? JSON.parse(answered) : answered;
          code < 300 ? resolve(answer) : reject(new ApiError(code, answer.message ?? answered));
        });
      });
      sent.on('error', reject);
      sent.end(text);
    });
  }

  get(path: string): Promise<Manifest> {
    return this.call('GET', path);
  }

  async list(path: string): Promise<Manifest[]> {
    return (await this.get(path)).items;
  }

  create(manifest: Manifest, query = 'fieldValidation=Strict'): Promise<Manifest> {
    return this.call('POST', `${collection(manifest)}?${query}`, manifest);
  }

  /** Server-side apply, which refuses unknown and doubled fields. */
  apply(manifest: Manifest): Promise<Manifest> {
    return this.call('PATCH', `${collection(manifest)}/${manifest.metadata.name}?fieldManager=lab&force=true&fieldValidation=Strict`,
      manifest, 'application/apply-patch+yaml');
  }

  merge(path: string, patch: Manifest): Promise<Manifest> {
    return this.call('PATCH', path, patch, 'application/merge-patch+json');
  }

  remove(path: string, gracePeriodSeconds?: number): Promise<Manifest> {
    return this.call('DELETE', path, { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds, propagationPolicy: 'Background' });
  }

  /**
   * Lists, then follows every change, in the API server's order. Resolves when
   * the list was handed over; the returned function ends it.
   */
  async watch(path: string, onEvent: (type: string, object: Manifest) => void, onEnd?: (reason: string) => void): Promise<() => void> {
    const known = new Map<string, Manifest>();
    let stopped = false;
    let abort: AbortController | undefined;
    const deliver = (type: string, object: Manifest) => {
      type === 'DELETED' ? known.delete(object.metadata.uid) : known.set(object.metadata.uid, object);
      onEvent(type, object);
    };
    const start = async (): Promise<void> => {
      const listed = await this.get(path);
      for (const object of listed.items) {
        if (known.get(object.metadata.uid)?.metadata.resourceVersion !== object.metadata.resourceVersion) {
          deliver(known.has(object.metadata.uid) ? 'MODIFIED' : 'ADDED', object);
        }
      }
      const present = new Set(listed.items.map((object: Manifest) => object.metadata.uid));
      [...known.values()].filter(object => !present.has(object.metadata.uid)).forEach(object => deliver('DELETED', object));
      let version = listed.metadata.resourceVersion;
      abort = await new Watch(this.config).watch(path, { resourceVersion: version }, (type, object) => {
        if (stopped || type === 'ERROR' || type === 'BOOKMARK') {
          return;
        }
        version = object.metadata.resourceVersion;
        deliver(type, object);
      }, error => {
        if (!stopped) {
          onEnd?.(String(error));
          setTimeout(() => void (stopped || start().catch(reason => onEnd?.(String(reason)))), 50);
        }
      });
    };
    await start();
    return () => {
      stopped = true;
      abort?.abort();
    };
  }
}

/** The path of the collection that a manifest belongs to. */
export function collection({ apiVersion, kind, metadata }: Manifest): string {
  const plural = kind.toLowerCase().replace(/y$/, 'ie').replace(/(s|x|ch|sh)$/, '$1e') + 's';
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return metadata.namespace ? `${group}/namespaces/${metadata.namespace}/${plural}` : `${group}/${plural}`;
}

export const objectPath = (manifest: Manifest) => `${collection(manifest)}/${manifest.metadata.name}`;
