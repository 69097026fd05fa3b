/** What was understood, put right by a person: sent to the watch, which answers with the report as it is then. */

import { useState } from "preact/hooks";
import { wordsOf } from "../api/client";
import { correct, reportOf, takeBack } from "./ask";
import type { Opened } from "./records";

/** One thing put right; the watch knows who and when. */
export type Right =
  | {
      what: "entity";
      text: string;
      start: number;
      was: string | null;
      type: string | null;
      name?: string;
      everywhere?: boolean;
    }
  | { what: "claim"; text: string; start: number; was: string | null; type: string | null; modality?: string }
  | { what: "relevant"; relevant: boolean }
  /** `story`: its id; "" = none. */
  | { what: "story"; story: string };

export interface Correcting {
  busy: boolean;
  trouble: string;
  /** What was done last, for those who do not see it. */
  said: string;
  /** Whether it was taken. */
  put(right: Right, words: string): Promise<boolean>;
  undo(id: string): Promise<boolean>;
}

export function useCorrecting(report: Opened, onChanged: (report: Opened) => void): Correcting {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [said, setSaid] = useState("");
  const run = async (deed: () => Promise<Opened | null>, words: string): Promise<boolean> => {
    setBusy(true);
    setTrouble("");
    setSaid("");
    try {
      onChanged((await deed()) ?? (await reportOf(report.id)));
      setSaid(words);
      return true;
    } catch (error) {
      setTrouble(wordsOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    trouble,
    said,
    put: (right, words) => run(() => correct(report.id, right), words),
    undo: (id) => run(() => takeBack(id).then(() => null), "Taken back."),
  };
}
