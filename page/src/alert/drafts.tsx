/** Drafts of a VHF call and a navigational warning, to be changed, copied and sent by a person. */

import { useState } from "preact/hooks";
import { type Alert, api, type Schemas, told } from "../api/client";
import { Answer, useAsked } from "../parts/asked";
import { CopyButton } from "../parts/copy_button";
import { keep, kept } from "../state/shelf";

type Texts = Schemas["Drafts"];
const KEY = "anchorwatch-station";

export const Drafts = ({ alert }: { alert: Alert }) => {
  const [open, setOpen] = useState(false);
  return (
    <section class="part" aria-labelledby="drafts-title">
      <h3 id="drafts-title">Words to pass on</h3>
      <details onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
        <summary>Drafts of a VHF call and a navigational warning</summary>
        {open && <Written alert={alert} />}
      </details>
    </section>
  );
};

const Written = ({ alert }: { alert: Alert }) => {
  const [station, setStation] = useState(kept(KEY) ?? "");
  // The revision that the draft is of: a new one does not write over what a person is changing.
  const [of, setOf] = useState(alert.revision);
  const asked = useAsked((stop) => written(alert.id, station, stop), `${alert.id}/${station}/${of}`);
  return (
    <>
      <label class="station">
        Your station, as it is called by radio
        <input
          maxLength={60}
          value={station}
          onChange={(change) => {
            keep(KEY, change.currentTarget.value.trim());
            setStation(change.currentTarget.value.trim());
          }}
        />
      </label>
      <Answer asked={asked} what="draft">
        {(texts) => (
          <>
            <Draft title="VHF call" text={texts.vhf_call} />
            <Draft title="Navigational warning" text={texts.navigational_warning} />
          </>
        )}
      </Answer>
      {/* Below: above, it would push away what is being typed. */}
      {alert.revision !== of && (
        <p class="status-notice">
          The alert has changed since this was written.{" "}
          <button type="button" onClick={() => setOf(alert.revision)}>
            Write it anew
          </button>
        </p>
      )}
      <p class="quiet">Nothing is sent from here. Look the text over before you say or send it.</p>
    </>
  );
};

const Draft = ({ title, text }: { title: string; text: string }) => {
  const [changed, setChanged] = useState<{ of: string; text: string } | null>(null);
  const shown = changed?.of === text ? changed.text : text;
  return (
    <div class="draft">
      <div class="row">
        <h4>{title}</h4>
        <CopyButton text={shown} what={title} />
      </div>
      <textarea
        aria-label={title}
        dir="auto"
        spellcheck={false}
        rows={Math.min(16, text.split("\n").length + 1)}
        value={shown}
        onInput={(input) => setChanged({ of: text, text: input.currentTarget.value })}
      />
    </div>
  );
};

const written = (id: string, station: string, stop: AbortSignal): Promise<Texts> =>
  told(
    api.GET("/api/v1/alerts/{alert_id}/drafts", {
      params: { path: { alert_id: id }, query: station ? { station } : {} },
      signal: stop,
    }),
  );
