/** What a report tells: each claim with the words it rests on, which are marked in the text when it is pointed at. */

import { useState } from "preact/hooks";
import { mayWork } from "../state/work";
import { AddClaim } from "./add_claim";
import { ClaimChoices } from "./claim_choices";
import type { Correcting } from "./correcting";
import { eventOf, modalityOf, stanceOf } from "./desk_words";
import type { Claim, Opened } from "./records";

interface ClaimsWords {
  report: Opened;
  correcting: Correcting;
  onMark: (words: readonly { start: number; end: number }[]) => void;
}

export const Claims = ({ report, correcting, onMark }: ClaimsWords) => (
  <section aria-labelledby="report-claims">
    <h3 id="report-claims">What it tells</h3>
    {report.events.length === 0 && <p class="quiet">Nothing was understood of it.</p>}
    <ul class="link-rows">
      {report.events.map((claim) => (
        <li key={`${claim.type} ${claim.start}`}>
          <OneClaim report={report} claim={claim} correcting={correcting} onMark={onMark} />
        </li>
      ))}
    </ul>
    {mayWork.value && <AddClaim report={report} correcting={correcting} onMark={onMark} />}
  </section>
);

const OneClaim = ({ report, claim, correcting, onMark }: ClaimsWords & { claim: Claim }) => {
  const [isOpen, setOpen] = useState(false);
  const counted = claim.quantities.map((at) => report.quantities[at]?.text).filter(Boolean);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only shows where it stands; its button is for keys
    <div
      class="claim"
      onMouseEnter={() => onMark([claim])}
      onMouseLeave={() => onMark([])}
      onFocusCapture={() => onMark([claim])}
      onBlurCapture={() => onMark([])}
    >
      <button type="button" class="claim-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <strong>
          {eventOf(claim.type)}, {modalityOf(claim.modality)}
        </strong>
        <span class="claim-quote">
          “<bdi>{claim.quote}</bdi>”
        </span>
      </button>
      <dl class="facts">
        <Fact word="Who" said={claim.actors} />
        <Fact word="To, with" said={claim.to} />
        <Fact word="Where" said={one(claim.place)} />
        <Fact word="When" said={one(claim.when)} />
        <Fact word="Numbers" said={counted as string[]} />
        <Fact word="Stance" said={one(claim.stance && stanceOf(claim.stance))} />
        <Fact word="About" said={one(claim.topic)} />
        <Fact word="Says who" said={one(claim.speaker ?? "the report itself")} />
      </dl>
      {isOpen && mayWork.value && <ClaimForm claim={claim} correcting={correcting} onDone={() => setOpen(false)} />}
    </div>
  );
};

const one = (said: string | null): string[] => (said ? [said] : []);

const Fact = ({ word, said }: { word: string; said: readonly string[] }) =>
  said.length ? (
    <>
      <dt>{word}</dt>
      <dd>
        {said.map((text, at) => (
          <span key={text}>
            {at > 0 && ", "}
            <bdi>{text}</bdi>
          </span>
        ))}
      </dd>
    </>
  ) : null;

const ClaimForm = ({ claim, correcting, onDone }: { claim: Claim; correcting: Correcting; onDone: () => void }) => {
  const [type, setType] = useState(claim.type);
  const [modality, setModality] = useState(claim.modality);
  const about = { what: "claim" as const, text: claim.quote, start: claim.start, was: claim.type };
  const put = async (right: Parameters<Correcting["put"]>[0], words: string): Promise<void> => {
    if (await correcting.put(right, words)) onDone();
  };
  return (
    <form
      class="finds correct"
      onSubmit={(submit) => {
        submit.preventDefault();
        void put({ ...about, type, modality }, `Kept: ${eventOf(type)}, ${modalityOf(modality)}.`);
      }}
    >
      <ClaimChoices type={type} modality={modality} onType={setType} onModality={setModality} />
      <div class="row-of-choices">
        <button type="submit" disabled={correcting.busy}>
          Keep
        </button>
        <button
          type="button"
          disabled={correcting.busy}
          onClick={() => void put({ ...about, type: null }, "Removed: the report does not tell this.")}
        >
          It does not say this
        </button>
        <button type="button" onClick={onDone}>
          Leave it
        </button>
      </div>
    </form>
  );
};
