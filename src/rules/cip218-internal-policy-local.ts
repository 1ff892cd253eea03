import { Severity } from '../finding';
import { LOCAL_SERVICE } from './manifests';
import { Rule } from './rule';

export const internalPolicyLocal: Rule = {
  id: 'CIP218',
  title: 'internalTrafficPolicy Local beside externalTrafficPolicy Local',
  severity: Severity.WARNING,
  why: 'The internal policy does nothing for addresses from outside. It only makes the cluster IP fail for callers on nodes without a pod.',
  remedy: 'Remove spec.internalTrafficPolicy, or set it to Cluster.',
  sources: ['https://kubernetes.io/docs/concepts/services-networking/service-traffic-policy/'],
  pass: { manifests: LOCAL_SERVICE.replace('Local,', 'Local, internalTrafficPolicy: Cluster,') },
  fail: { manifests: LOCAL_SERVICE.replace('Local,', 'Local, internalTrafficPolicy: Local,') },
  check: (model, report) => {
    for (const service of model.services) {
      if (!service.local || service.spec.internalTrafficPolicy !== 'Local') continue;
      if (service.backends.length > 0 && service.backends.every(({ kind }) => kind === 'DaemonSet')) continue;
      report(service, {
        fieldPath: 'spec.internalTrafficPolicy',
        message: 'spec.internalTrafficPolicy is Local too; callers in the cluster then fail on every node without a pod. Wanted is Cluster.',
      });
    }
  },
};
