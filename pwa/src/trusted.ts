/**
 * The one Trusted Types policy of the app, named `dockhand`: script addresses for workers only, and
 * only those that ship with the app. Nothing else may turn a string into code or markup.
 */
import decoderUrl from "./scan/decoder-worker?worker&url";

interface Policy {
  createScriptURL(url: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

const WORKERS = new Set(["/sw.js", decoderUrl]);

const rules: Policy = {
  createScriptURL(url) {
    if (!WORKERS.has(url)) throw new TypeError(`not a worker of this app: ${url}`);
    return url;
  },
};

// Browsers without Trusted Types take the plain string, checked by the same rule.
const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
const policy = factory?.createPolicy("dockhand", rules) ?? rules;

/** The address of a worker in the form that the browser accepts (typed as the string it stands for). */
export function workerUrl(url: string): string {
  return policy.createScriptURL(url);
}
