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
      .catch((error: unknown) => setTrouble(`The map cannot be drawn: ${String(error)}. The lists go on without it.`));
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
