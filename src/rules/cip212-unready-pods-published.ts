import { Severity } from '../finding';
import { LOCAL_SERVICE } from './manifests';
import { Rule } from './rule';

export const unreadyPodsPublished: Rule = {
  id: 'CIP212',
  title: 'publishNotReadyAddresses behind a health check',
  severity: Severity.WARNING,
  why: 'The field counts every pod as ready, so the health-check port says yes for a node whose only pod is still starting or failing, and the balancer sends it traffic.',
  remedy: 'Remove spec.publishNotReadyAddresses, and give peers that must find each other early a headless Service of their own.',
  sources: ['https://kubernetes.io/docs/reference/kubernetes-api/service-resources/service-v1/#ServiceSpec'],
  pass: { manifests: LOCAL_SERVICE },
  fail: { manifests: LOCAL_SERVICE.replace('Local,', 'Local, publishNotReadyAddresses: true,') },
  check: (model, report) => {
    for (const service of model.services) {
      if (!service.local || service.spec.publishNotReadyAddresses !== true) continue;
      report(service, {
        fieldPath: 'spec.publishNotReadyAddresses',
        message: 'spec.publishNotReadyAddresses is true with spec.externalTrafficPolicy Local; a node then passes the health check with a pod that is not ready. Wanted is false.',
      });
    }
  },
};
