import { useState } from "preact/hooks";
import { copyText } from "../share/copy";

/** Copies a text, and says so. Without leave of the browser it says how to do it by hand. */
export const CopyButton = ({ text, what }: { text: string; what: string }) => {
  const [said, setSaid] = useState("");
  const copy = async (): Promise<void> => {
    setSaid((await copyText(text)) ? "Copied" : "Not allowed here: select the text and press Ctrl+C");
    setTimeout(() => setSaid(""), 3000);
  };
  return (
    <span class="copy">
      <span role="status">{said}</span>
      <button type="button" aria-label={`Copy: ${what}`} onClick={() => void copy()}>
        Copy
      </button>
    </span>
  );
};
