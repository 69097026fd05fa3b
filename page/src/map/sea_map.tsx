import "./map.css";
import { useEffect, useRef, useState } from "preact/hooks";
import type { open } from "./open";

type Opened = ReturnType<typeof open> & { Face: typeof import("./open").Face };

/** The sea: land, assets, zones, vessels. The library of the map is loaded after the page stands. */
export const SeaMap = () => {
  const box = useRef<HTMLDivElement>(null);
  const [trouble, setTrouble] = useState("");
  const [opened, setOpened] = useState<Opened | null>(null);
  useEffect(() => {
    let close = (): void => {};
    let gone = false;
    import("./open")
      .then(({ open, Face }) => {
        if (gone || !box.current) return;
        const chart = open(box.current);
        close = chart.close;
        setOpened({ ...chart, Face });
      })
      .catch((error: unknown) => setTrouble(whyNoMap(error)));
    return () => {
      gone = true;
      close();
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
