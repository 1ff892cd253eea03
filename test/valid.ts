import { Deployment } from 'kubernetes-models/apps/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { ConfigMap, Service } from 'kubernetes-models/v1';

const MODELS: Record<string, new (json: any) => { validate(): void }> = { ConfigMap, Deployment, PodDisruptionBudget, Service };

/** Validates an object against the schema of its kind. Throws where it does not hold. */
export function expectValid(manifest: any): void {
  const Model = MODELS[manifest.kind];
  if (!Model) throw new Error(`no schema for ${manifest.kind}`);
  new Model(structuredClone(manifest)).validate();
}
