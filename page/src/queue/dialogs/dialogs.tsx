import { areSilencesShown, asked } from "./asked";
import { CloseForm } from "./close_form";
import { ASKED } from "./questions";
import { SilenceForm } from "./silence_form";
import { Silences } from "./silences";
import { WordForm } from "./word_form";

/** The dialog that is open, if one is. */
export const Dialogs = () => (
  <>
    <Asked />
    {areSilencesShown.value && <Silences />}
  </>
);

const Asked = () => {
  const now = asked.value;
  if (!now) return null;
  const { question, about, turn } = now;
  if (question === "silence") return <SilenceForm key={turn} item={about[0]!} />;
  if (question === "close") return <CloseForm key={turn} about={about} />;
  return <WordForm key={turn} question={question} fields={ASKED[question]} about={about} />;
};
