/** The work on alerts: actions go out through the outbox, and what became of them is shown. */

import { computed, effect, signal } from "@preact/signals";
import { api, type Item, Trouble, told, wordsOf } from "../api/client";
import { vesselOf } from "../queue/names";
import { kindOf } from "../words";
import { items, lastWords, put } from "./alerts";
import { type Deed, type Fields, Outbox, type Outcome, type Verb } from "./outbox";
import { shelf } from "./shelf";
import { contact, status } from "./watch";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

export const me = computed(() => status.value?.me.name ?? "");
/** null = not known yet. */
export const mayWork = computed(() => status.value?.me.may.includes("work") ?? null);
export const maySupervise = computed(() => status.value?.me.may.includes("supervise") ?? false);

export const deeds = signal<readonly Deed[]>([]);
export const waiting = computed(() => deeds.value.filter((d) => !d.refusal));
export const refused = computed(() => deeds.value.filter((d) => d.refusal));
/** Why what waits could not be sent; "" = it was not tried, or is being sent. */
export const whyWaiting = signal("");
/** false: what waits would be lost with the page. */
export const isKept = signal(true);
/** The last thing that was done, for the officer and for a screen reader. */
export const said = signal("");

let outbox: Outbox | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let waitMs = FIRST_WAIT_MS;

/** Do something about alerts, as they are shown now. `seen`: where the officer decided on an earlier look. */
export function act(ids: readonly string[], verb: Verb, fields: Fields = {}, seen?: ReadonlyMap<string, number>): void {
  if (!outbox || !ids.length) return;
  const known = items.peek();
  outbox.add(
    ids.map((id) => {
      const item = known.get(id);
      const at = seen?.get(id) ?? item?.seq ?? 0;
      return { alertId: id, verb, fields, seen: at, atMs: Date.now(), about: item ? briefOf(item) : id };
    }),
  );
  void sendNow();
}

/** Do a refused one all the same, after another look. */
export function again(deed: Deed): void {
  outbox?.dismiss(deed.key);
  act([deed.alertId], deed.verb, deed.fields);
}

export const dismiss = (key: string): void => outbox?.dismiss(key);

/** "EAGLE S, anchor drag under way": an alert in a few words. */
export const briefOf = ({ alert }: Item): string => `${vesselOf(alert)}, ${kindOf(alert.kind)}`;

export async function sendNow(): Promise<void> {
  clearTimeout(retry);
  if (!outbox) return;
  if (await outbox.flush()) {
    whyWaiting.value = "";
    waitMs = FIRST_WAIT_MS;
    return;
  }
  retry = setTimeout(() => void sendNow(), waitMs);
  waitMs = Math.min(2 * waitMs, LONGEST_WAIT_MS);
}

/** By alert the last event that this page brought about: the watch takes none where others acted in between. */
const own = new Map<string, number>();

/** Whether the last thing that happened to an alert was done by this officer. */
export function isOwn({ alert, seq }: Item): boolean {
  const word = lastWords.value.get(alert.id)?.event;
  return own.get(alert.id) === seq || (word?.seq === seq && word.actor === me.value);
}

async function send(batch: readonly Deed[]): Promise<Outcome[]> {
  try {
    return batch.length === 1 ? [await sendOne(batch[0]!)] : await sendMany(batch);
  } catch (error) {
    whyWaiting.value = wordsOf(error);
    throw error;
  }
}

async function sendOne(deed: Deed): Promise<Outcome> {
  const body = { verb: deed.verb, ...deed.fields, key: deed.key, seen: deed.seen } as never;
  const params = { path: { alert_id: deed.alertId } };
  try {
    const { item, event } = await told(api.POST("/api/v1/alerts/{alert_id}/actions", { params, body }));
    own.set(deed.alertId, event.seq);
    put([item]);
    said.value = `Done: ${VERBS[deed.verb]}, ${deed.about}`;
    return "done";
  } catch (error) {
    if (!(error instanceof Trouble) || !isFinal(error.status)) throw error;
    void lookAgain(deed.alertId);
    return refusalOf(error.status === 409 ? error.what : error.message, error.next);
  }
}

async function sendMany(batch: readonly Deed[]): Promise<Outcome[]> {
  const first = batch[0]!;
  const alerts = batch.map(({ alertId, seen }) => ({ id: alertId, seen }));
  const action = { verb: first.verb, ...first.fields, key: first.batch } as never;
  try {
    const { outcomes } = await told(api.POST("/api/v1/alerts/actions", { body: { alerts, action } }));
    const refusals = outcomes.filter((o) => o.refused);
    for (const { id, event } of outcomes) if (event) own.set(id, event.seq);
    for (const { id } of refusals.slice(0, 10)) void lookAgain(id);
    const done = outcomes.length - refusals.length;
    said.value = `${VERBS[first.verb]}: ${done} done${refusals.length ? `, ${refusals.length} refused` : ""}`;
    return outcomes.map((o) => (o.refused ? refusalOf(o.refused, "") : "done"));
  } catch (error) {
    if (!(error instanceof Trouble) || !isFinal(error.status)) throw error;
    return batch.map(() => refusalOf(error.what, error.next));
  }
}

/** Of these answers sending again changes nothing. 401: after the login it is sent; 408, 429 and 5xx: later. */
const isFinal = (answer: number): boolean => answer >= 400 && answer < 500 && ![401, 408, 429].includes(answer);

const refusalOf = (what: string, next: string): Outcome => ({
  what,
  next,
  overtaken: what.includes("has changed since you looked"),
});

/** Show what stands now, also where the stream has not told it yet. */
async function lookAgain(id: string): Promise<void> {
  const params = { path: { alert_id: id } };
  await told(api.GET("/api/v1/alerts/{alert_id}", { params })).then(
    (item) => put([item]),
    () => undefined,
  );
}

export const VERBS: Record<Verb, string> = {
  acknowledge: "acknowledge",
  take: "take in hand",
  assign: "assign",
  note: "note",
  radio: "radio entry",
  escalate: "escalate",
  close: "close",
  reopen: "reopen",
};

function shown(): void {
  deeds.value = outbox?.list() ?? [];
  isKept.value = outbox?.kept ?? true;
}

effect(() => {
  if (!me.value) return;
  outbox = new Outbox(me.value, shelf, send, shown);
  void shown();
  void sendNow();
});
effect(() => {
  if (contact.value === "live") void sendNow();
});
addEventListener("storage", (change) => {
  if (change.key === null || change.key.startsWith("anchorwatch-outbox/")) outbox?.reread();
});
addEventListener("beforeunload", (leaving) => {
  if (!isKept.peek() && waiting.peek().length) leaving.preventDefault();
});
