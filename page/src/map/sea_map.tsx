import "./map.css";
import { useEffect, useRef, useState } from "preact/hooks";
import { loadChart } from "./charted";
import { loadGiven } from "./given";
import type { open } from "./open";

type Opened = ReturnType<typeof open> & { Face: typeof import("./open").Face };

// The library of the map is most of the page: it comes beside the rest, and what is charted is asked for meanwhile.
const library = import("./open");
library.catch(() => {}); // said below

/** The sea: land, assets, zones, vessels. */
export const SeaMap = () => {
  const box = useRef<HTMLDivElement>(null);
  const [trouble, setTrouble] = useState("");
  const [opened, setOpened] = useState<Opened | null>(null);
  useEffect(() => {
    const stops = [loadChart(), loadGiven()];
    let gone = false;
    library
      .then(({ open, Face }) => {
        if (gone || !box.current) return;
        const chart = open(box.current);
        stops.push(chart.close);
        setOpened({ ...chart, Face });
      })
      .catch((error: unknown) => setTrouble(whyNoMap(error)));
    return () => {
      gone = true;
      for (const stop of stops) stop();
    };
  }, []);
  return (
    <main class="map" aria-label="Map">
      <div class="sea" ref={box} />
      {opened ? <opened.Face chart={opened.chart} /> : <p class="map-note">{trouble || "The map is loaded ..."}</p>}
    </main>
  );
};

/** In our words: those of the library lead to a page elsewhere. */
function whyNoMap(error: unknown): string {
  const why = hasWebGl() ? String(error) : "this browser draws no WebGL 2 here (switched off, or no graphics driver)";
  return `There is no map: ${why}. Alerts, vessels, assets and search work without it.`;
}

function hasWebGl(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}
