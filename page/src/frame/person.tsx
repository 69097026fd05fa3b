import { useEffect, useState } from "preact/hooks";
import { api, told } from "../api/client";
import { LookSwitch } from "../look/look_switch";
import { Sign } from "../parts/sign";
import { hrefOf } from "../state/url";
import { status } from "../state/watch";
import { showHelp } from "./keys";
import { Leaf } from "./leaf";
import { startTour } from "./tour";

/** Who is logged in, and the ways to what is needed less often. */
export const PersonMenu = () => {
  const me = status.value?.me;
  return (
    <Leaf name="person" kind="right person" label={me ? `${me.name}, ${me.role}: menu` : "Menu"} face={<Face />}>
      {(close) => (
        <>
          <p class="who">
            <bdi>{me?.name ?? "?"}</bdi> <span class="quiet">{me?.role}</span>
          </p>
          <LookSwitch words />
          <a class="button" href={hrefOf("/search")} onClick={close}>
            Search
          </a>
          <a class="button" href="/handover" target="_blank" rel="noopener">
            Handover of the shift
          </a>
          <a class="button" href={hrefOf("/reports")} onClick={close}>
            Reports
          </a>
          <a class="button" href={hrefOf("/feeds")} onClick={close}>
            Feeds
          </a>
          <button
            type="button"
            onClick={() => {
              close();
              showHelp(true);
            }}
          >
            Help: keys and words (?)
          </button>
          <button
            type="button"
            onClick={() => {
              close();
              startTour();
            }}
          >
            Tour of this page
          </button>
          <LogOut />
          <p class="quiet">Anchorwatch {status.value?.version}</p>
        </>
      )}
    </Leaf>
  );
};

const Face = () => (
  <>
    <Sign name="person" />
    <span class="who-name">{status.value?.me.name}</span>
  </>
);

/** A session can be ended; whoever came with the key of this machine has none. */
const LogOut = () => {
  const [csrf, setCsrf] = useState<string | null>(null);
  useEffect(() => {
    told(api.GET("/api/v1/session"))
      .then((session) => setCsrf(session.csrf))
      .catch(() => setCsrf(null));
  }, []);
  if (!csrf) return null;
  return (
    <form method="post" action="/logout">
      <input type="hidden" name="csrf" value={csrf} />
      <button type="submit">Log out</button>
    </form>
  );
};
