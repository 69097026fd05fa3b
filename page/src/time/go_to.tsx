import { useState } from "preact/hooks";
import { Leaf } from "../frame/leaf";
import { pictureMs } from "../state/watch";
import { play, shownMs, showTime } from "./shown";

/** Any moment, typed: the bar alone would be a poor way to last Tuesday. */
export const GoTo = () => (
  <Leaf name="goto" kind="up" label="Go to a date and time" face="Go to">
    {(close) => <Form close={close} />}
  </Leaf>
);

const Form = ({ close }: { close: () => void }) => {
  const from = shownMs.peek() ?? pictureMs.peek() ?? Date.now();
  const [text, setText] = useState(new Date(from).toISOString().slice(0, 16));
  const ms = Date.parse(`${text}:00Z`);
  const late = pictureMs.value !== null && ms > pictureMs.value;
  const send = (event: Event) => {
    event.preventDefault();
    if (!Number.isFinite(ms) || late) return;
    play(0);
    showTime(ms);
    close();
  };
  return (
    <form onSubmit={send}>
      <label>
        Date and time, UTC
        <input type="datetime-local" value={text} onInput={(e) => setText(e.currentTarget.value.slice(0, 16))} />
      </label>
      {late && <p class="quiet">That is still to come.</p>}
      <button type="submit" class="first" disabled={!Number.isFinite(ms) || late}>
        Show
      </button>
    </form>
  );
};
