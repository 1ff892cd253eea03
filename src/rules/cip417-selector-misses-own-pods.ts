import { Severity } from '../finding';
import { LOCAL_SERVICE, ONE_POD_A_NODE, webDeployment } from './manifests';
import { Rule } from './rule';
import { constraints, HOSTNAME, matchesItself, preferredTerms, requiredTerms, spreadConstraints } from '../manifest/exclusion';
import { isDictionary, isIntegerIn, Json, show } from '../manifest/json';
import { Model, Workload } from '../manifest/model';
import { isEmptySelector, selectorKeys, selects } from '../manifest/selector';

export const selectorMissesOwnPods: Rule = {
  id: 'CIP417',
  title: "A spread rule that does not select the workload's own pods",
  severity: Severity.ERROR,
  why: 'A rule whose selector misses the pods it stands on, or has no selector, is accepted and does nothing. An empty selector, {}, selects every pod in the namespace.',
  remedy: "Select the pods by their own labels: those in the workload's spec.selector.",
  sources: ['https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#scheduling'],
  pass: { facts: { nodes: 4 }, manifests: LOCAL_SERVICE + webDeployment({ affinity: ONE_POD_A_NODE }) },
  fail: { facts: { nodes: 4 }, manifests: LOCAL_SERVICE + webDeployment({ affinity: ONE_POD_A_NODE.replace('app: web', 'app: wbe') }) },
  check: (model, report) => {
    for (const workload of model.workloads) {
      if (workload.localServices.length === 0 || !isIntegerIn(workload.replicas, 2, Infinity)) continue;
      const terms = [...requiredTerms(workload), ...preferredTerms(workload)];
      // A rule against somebody else's pods is no mistake where another one spreads its own.
      const spreads = terms.some(({ term }) => term.topologyKey === HOSTNAME && matchesItself(workload, term))
        || spreadConstraints(workload).some(({ term }) => term.topologyKey === HOSTNAME);

      for (const { term, fieldPath } of [...terms, ...constraints(workload)]) {
        if (typeof term.topologyKey !== 'string') continue;
        const path = `${fieldPath}.labelSelector`;
        if (!isDictionary(term.labelSelector)) {
          report(workload, { fieldPath: path, message: `${path} is missing; without one the rule selects no pod and does nothing. Wanted is a selector of the workload's own pods.` });
        } else if (isEmptySelector(term.labelSelector)) {
          report(workload, { fieldPath: path, severity: Severity.WARNING, message: `${path} is {} and selects every pod of the namespace, so that strangers keep these pods from their nodes. Wanted is a selector of the workload's own pods.` });
        } else if (!spreads && !selectsAnyone(model, term.labelSelector, workload)) {
          // Labels that the pods do not have at all may be those of pods deployed elsewhere.
          const own = selectorKeys(term.labelSelector).some(key => Object.hasOwn(workload.podLabels, key));
          report(workload, { fieldPath: path, severity: own ? undefined : Severity.WARNING, message: `${path} ${show(term.labelSelector)} selects neither the workload's own pods, labelled ${show(workload.podLabels)}, nor any other in this app, so that it does not spread them. Wanted are labels that the pods have.` });
        }
      }
    }
  },
};

function selectsAnyone(model: Model, selector: Json, own: Workload): boolean {
  return selects(selector, own.podLabels) || model.workloads.some(({ podLabels }) => selects(selector, podLabels));
}
