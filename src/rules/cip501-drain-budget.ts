import { Severity } from '../finding';
import { LOCAL_SERVICE, webDeployment } from './manifests';
import { Rule } from './rule';
import { podSpecPath } from '../manifest/exclusion';
import { containersOf, preStopOf, servingContainers } from '../manifest/serving';

export const drainBudget: Rule = {
  id: 'CIP501',
  title: 'Pods that leave before the balancer knows',
  severity: Severity.ERROR,
  why: 'A balancer sends to a node until its health check has failed often enough. A pod that stops at once, or is killed while it waits, loses what still arrives.',
  remedy: "Wait in preStop for the balancer's interval times its threshold, 25 seconds for most, and set terminationGracePeriodSeconds to that plus what the app needs to finish: Drain.delay(), or lifecycle.preStop by hand.",
  sources: [
    'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
    'https://github.com/kubernetes/enhancements/issues/1669',
  ],
  pass: { manifests: LOCAL_SERVICE + webDeployment() },
  fail: { manifests: LOCAL_SERVICE + webDeployment({ gracePeriod: 20 }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      const serves = workload.localServices.length > 0 && workload.replicas !== 0;
      const stated = workload.podSpec.terminationGracePeriodSeconds;
      const grace = Number.isFinite(stated) ? stated : 30;
      for (const { container, fieldPath } of containersOf(workload)) {
        const { seconds = 0, action, guessed } = preStopOf(container);
        // The API server refuses a sleep action beyond the grace period, wherever it stands.
        if (!(serves && seconds > 0 && seconds >= grace) && !(action && (seconds > grace || seconds < 0))) continue;
        report(workload, {
          fieldPath: `${podSpecPath(workload)}.terminationGracePeriodSeconds`,
          message: `${podSpecPath(workload)}.terminationGracePeriodSeconds is ${grace} and ${fieldPath}.lifecycle.preStop waits ${seconds} s, which leaves the container no time to stop. Allowed is a grace period above ${seconds}.`,
          severity: guessed ? Severity.WARNING : undefined,
        });
      }
      if (!serves) continue;
      for (const { container, fieldPath } of servingContainers(workload)) {
        if (preStopOf(container).seconds !== 0) continue;
        report(workload, {
          fieldPath: `${fieldPath}.lifecycle.preStop`,
          severity: Severity.WARNING,
          message: `${fieldPath} has no delay in lifecycle.preStop, so that it stops while the balancer still sends to its node. Wanted is a delay of the balancer's interval times its threshold.`,
        });
      }
    }
  },
};
