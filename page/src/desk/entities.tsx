/** Names in a report: of what type, who is meant; changed, removed and added in place. */

import { useState } from "preact/hooks";
import { hrefOf, pathOf } from "../state/url";
import { mayWork } from "../state/work";
import { AddEntity } from "./add_entity";
import type { Correcting } from "./correcting";
import { ENTITY_TYPES } from "./desk_words";
import type { Entity, Opened } from "./records";

interface EntitiesWords {
  report: Opened;
  correcting: Correcting;
  onMark: (words: readonly { start: number; end: number }[]) => void;
}

export const Entities = ({ report, correcting, onMark }: EntitiesWords) => (
  <section aria-labelledby="report-entities">
    <h3 id="report-entities">Names</h3>
    {report.entities.length === 0 && <p class="quiet">No name was found in it.</p>}
    <ul class="link-rows names">
      {report.entities.map((entity) => (
        <li key={`${entity.start} ${entity.type} ${entity.name}`}>
          <OneEntity entity={entity} correcting={correcting} onMark={onMark} />
        </li>
      ))}
    </ul>
    {mayWork.value && <AddEntity report={report} correcting={correcting} onMark={onMark} />}
  </section>
);

const OneEntity = ({ entity, correcting, onMark }: Omit<EntitiesWords, "report"> & { entity: Entity }) => {
  const [isOpen, setOpen] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only shows where it stands; its button is for keys
    <div
      onMouseEnter={() => onMark([entity])}
      onMouseLeave={() => onMark([])}
      onFocusCapture={() => onMark([entity])}
      onBlurCapture={() => onMark([])}
    >
      <div class="name-row">
        <span class="name-words">
          <bdi>{entity.text}</bdi>
          <span class="quiet">
            {entity.type}
            {entity.name && entity.name !== entity.text && (
              <>
                : <bdi>{entity.name}</bdi>
              </>
            )}
            {entity.possibly && (
              <>
                , possibly <bdi>{entity.possibly}</bdi>
              </>
            )}
          </span>
        </span>
        <EntityLink entity={entity} />
        {mayWork.value && (
          <button
            type="button"
            aria-expanded={isOpen}
            aria-label={`Put right: ${entity.text}`}
            onClick={() => setOpen(!isOpen)}
          >
            Put right
          </button>
        )}
      </div>
      {isOpen && <EntityForm entity={entity} correcting={correcting} onDone={() => setOpen(false)} />}
    </div>
  );
};

/** To what the watch knows under this name. */
const EntityLink = ({ entity: { type, id } }: { entity: Entity }) => {
  if (!id) return null;
  if (type === "asset")
    return (
      <a class="button" href={hrefOf(pathOf("assets", id))}>
        Asset
      </a>
    );
  if (type === "vessel" && /^\d{9}$/.test(id))
    return (
      <a class="button" href={hrefOf(pathOf("vessels", id))}>
        Vessel
      </a>
    );
  return null;
};

const EntityForm = ({ entity, correcting, onDone }: { entity: Entity; correcting: Correcting; onDone: () => void }) => {
  const [type, setType] = useState(entity.type);
  const [name, setName] = useState(entity.name ?? entity.possibly ?? "");
  const [everywhere, setEverywhere] = useState(false);
  const put = async (to: string | null): Promise<void> => {
    const right = {
      what: "entity" as const,
      text: entity.text,
      start: entity.start,
      was: entity.type,
      type: to,
      ...(to && name.trim() ? { name: name.trim() } : {}),
      ...(everywhere ? { everywhere } : {}),
    };
    if (await correcting.put(right, to ? `Kept: ${entity.text}, ${to}.` : `Removed: ${entity.text}.`)) onDone();
  };
  return (
    <form
      class="finds correct"
      onSubmit={(submit) => {
        submit.preventDefault();
        void put(type);
      }}
    >
      <label class="find">
        It is a
        <select value={type} onChange={(chosen) => setType(chosen.currentTarget.value)}>
          {ENTITY_TYPES.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </select>
      </label>
      <label class="find">
        Whose full name is
        <input value={name} maxLength={200} onInput={(typed) => setName(typed.currentTarget.value)} />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={everywhere}
          onChange={(change) => setEverywhere(change.currentTarget.checked)}
        />
        In every report
      </label>
      <div class="row-of-choices">
        <button type="submit" disabled={correcting.busy}>
          Keep
        </button>
        <button type="button" disabled={correcting.busy} onClick={() => void put(null)}>
          It is no name
        </button>
        <button type="button" onClick={onDone}>
          Leave it
        </button>
      </div>
    </form>
  );
};
