/** Silences that name this vessel: in force, and over. */

import { api, type Schemas, told } from "../api/client";
import { AirText } from "../parts/air_text";
import { Answer, useAsked } from "../parts/asked";
import { Moment } from "../parts/moment";
import { pictureMs } from "../state/watch";

type Silence = Schemas["Silence"];
const SHOWN = 10;

export const Silences = ({ mmsi }: { mmsi: number }) => {
  const asked = useAsked(
    async (stop) => {
      const query = { ended: true };
      const { silences } = await told(api.GET("/api/v1/silences", { params: { query }, signal: stop }));
      return silences.filter((silence) => silence.mmsi === mmsi);
    },
    String(mmsi),
    30,
  );
  return (
    <section class="part" aria-labelledby="silences-title">
      <h3 id="silences-title">Silences</h3>
      <Answer asked={asked} what="list of silences">
        {(silences) =>
          silences.length ? <SilenceList silences={silences} /> : <p class="quiet">None that names this vessel.</p>
        }
      </Answer>
    </section>
  );
};

const SilenceList = ({ silences }: { silences: Silence[] }) => (
  <ul class="silences">
    {silences.slice(0, SHOWN).map((silence) => (
      <li key={silence.id}>
        {isOver(silence) ? <span class="quiet">over: </span> : <b>in force: </b>}
        by <AirText text={silence.by} />, until <Moment at={silence.ended ?? silence.until} day /> UTC, up to{" "}
        {silence.level}
        {silence.kinds.length > 0 && `, ${silence.kinds.map((kind) => kind.replaceAll("_", " ")).join(", ")} only`}:{" "}
        <AirText text={silence.reason} />
      </li>
    ))}
    {silences.length > SHOWN && <li class="quiet">and {silences.length - SHOWN} earlier ones</li>}
  </ul>
);

const isOver = (silence: Silence): boolean =>
  silence.ended !== null || (pictureMs.value !== null && Date.parse(silence.until) <= pictureMs.value);
