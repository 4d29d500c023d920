import { useEffect, useState } from "preact/hooks";
import {
  blobStates,
  type Closed,
  closed,
  loadClosed,
  type ProofState,
  proofState,
} from "../../pod/closed";
import { person } from "../../shell";
import { doneUpTo, unsentBlobs } from "../../sync";

export interface Proof extends Closed {
  readonly state: ProofState;
}

/** The person's proofs on this device that `where` keeps, the newest first, each with how far it has come. */
export function useProofs(where: (proof: Closed) => boolean = () => true): readonly Proof[] {
  const [states, setStates] = useState<ReadonlyMap<string, string>>(new Map());
  const done = doneUpTo.value;
  const waiting = unsentBlobs.value;
  const all = closed.value;
  useEffect(() => void loadClosed(), []);
  useEffect(() => {
    let current = true;
    void blobStates().then(found => current && setStates(found));
    return () => {
      current = false;
    };
  }, [done, waiting, all]);
  return all
    .filter(proof => proof.person === person.value?.id && where(proof))
    .map(proof => ({ ...proof, state: proofState(proof, done, states) }))
    .reverse();
}
