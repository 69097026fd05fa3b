import { useSignal } from "@preact/signals";
import type { Item, Level } from "../../api/client";
import { wordsOf } from "../../api/client";
import { Hint } from "../../parts/hint";
import { beginSilence, watchNowMs } from "../../state/silences";
import { maySupervise, me, said } from "../../state/work";
import { kindOf, LEVELS, momentOf } from "../../words";
import { vesselOf } from "../names";
import { Dialog, Field } from "./dialog";
import { leave } from "./work_form";

const HOURS = [1, 2, 4, 8, 12, 24]; // the watch allows 24 at most
// A silence of 24 h that is sent a second later would end more than 24 h from then.
const MARGIN_MS = 60_000;

/** Silence the vessel or an asset of an alert for a while, with an end and a reason. */
export const SilenceForm = ({ item }: { item: Item }) => {
  const { alert } = item;
  const what = useSignal(alert.vessel.mmsi ? "vessel" : `asset ${alert.assets[0]?.id ?? ""}`);
  const isOnlyKind = useSignal(true);
  const hours = useSignal(2);
  const level = useSignal<Level>("warning");
  const reason = useSignal("");
  const wrong = useSignal("");
  const trouble = useSignal("");
  const isBusy = useSignal(false);
  const begin = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const [kind = "", ...rest] = what.value.split(" ");
    wrong.value = reason.value.trim() ? "" : "A silence needs a reason.";
    if (wrong.value || isBusy.value) return;
    isBusy.value = true;
    trouble.value = "";
    try {
      const wish = {
        until: endOf(hours.value),
        reason: reason.value.trim(),
        mmsi: kind === "vessel" ? alert.vessel.mmsi : null,
        asset: kind === "asset" ? rest.join(" ") : null,
        kinds: isOnlyKind.value ? [alert.kind] : [],
        level: level.value,
      };
      await beginSilence(wish, me.peek());
      said.value = `Silenced until ${momentOf(Date.parse(wish.until))}`;
      leave();
    } catch (error) {
      trouble.value = wordsOf(error);
    }
    isBusy.value = false;
  };
  return (
    <Dialog title="Silence" onClose={leave}>
      <form noValidate onSubmit={(event) => void begin(event)}>
        <p class="quiet">Alerts under a silence are raised and shown as ever. They are not notified.</p>
        <Field label="What">
          {(ids) => (
            <select {...ids} value={what.value} onChange={({ currentTarget }) => (what.value = currentTarget.value)}>
              {alert.vessel.mmsi > 0 && <option value="vessel">Vessel {vesselOf(alert)}</option>}
              {alert.assets.map(({ id, name }) => (
                <option key={id} value={`asset ${id}`}>
                  Asset {name || id}
                </option>
              ))}
            </select>
          )}
        </Field>
        <label class="check">
          <input
            type="checkbox"
            checked={isOnlyKind.value}
            onChange={({ currentTarget }) => (isOnlyKind.value = currentTarget.checked)}
          />
          Only {kindOf(alert.kind)}
        </label>
        <Field label="For how long" hint={`Until ${momentOf(Date.parse(endOf(hours.value)))}`}>
          {(ids) => (
            <select
              {...ids}
              value={hours.value}
              onChange={({ currentTarget }) => (hours.value = Number(currentTarget.value))}
            >
              {HOURS.map((h) => (
                <option key={h} value={h}>
                  {h} h
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Up to level" hint={levelHint(alert.level, level.value)}>
          {(ids) => (
            <select
              {...ids}
              value={level.value}
              onChange={({ currentTarget }) => (level.value = currentTarget.value as Level)}
            >
              <option value="caution">caution</option>
              <option value="warning">warning</option>
              {maySupervise.value && <option value="alarm">alarm</option>}
            </select>
          )}
        </Field>
        <Field label="Reason" error={wrong.value || undefined}>
          {(ids) => (
            <input
              {...ids}
              type="text"
              required
              maxLength={4000}
              autoComplete="off"
              value={reason.value}
              onInput={({ currentTarget }) => (reason.value = currentTarget.value)}
            />
          )}
        </Field>
        <div role="alert">{trouble.value && <p class="note refused">Not silenced. {trouble.value}</p>}</div>
        <div class="buttons">
          <button type="submit" class="first" disabled={isBusy.value}>
            Silence
          </button>
          <button type="button" onClick={leave}>
            Cancel <Hint k="Esc" />
          </button>
        </div>
      </form>
    </Dialog>
  );
};

function levelHint(of: Level, upTo: Level): string {
  const speaks =
    LEVELS.indexOf(of) < LEVELS.indexOf(upTo) ? `This alert is above that: its ${of} speaks all the same.` : "";
  const alarms = maySupervise.value ? "" : "Alarms are silenced by a supervisor only.";
  return [speaks, alarms].filter(Boolean).join(" ") || "Above it they speak.";
}

/** By the clock of the watch, to the second, so that asking again asks for the same. */
function endOf(hours: number): string {
  const ms = watchNowMs() + hours * 3_600_000 - (hours === 24 ? MARGIN_MS : 0);
  return `${new Date(ms).toISOString().slice(0, 16)}:00Z`;
}
