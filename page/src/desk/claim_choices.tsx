import { EVENT_TYPES, eventOf, MODALITIES, modalityOf } from "./desk_words";

interface ChoicesWords {
  type: string;
  modality: string;
  onType: (type: string) => void;
  onModality: (modality: string) => void;
}

/** What a claim tells of, and how it is said. */
export const ClaimChoices = ({ type, modality, onType, onModality }: ChoicesWords) => (
  <>
    <label class="find">
      It tells of
      <select value={type} onChange={(chosen) => onType(chosen.currentTarget.value)}>
        {EVENT_TYPES.map((known) => (
          <option key={known} value={known}>
            {eventOf(known)}
          </option>
        ))}
      </select>
    </label>
    <label class="find">
      How it is said
      <select value={modality} onChange={(chosen) => onModality(chosen.currentTarget.value)}>
        {MODALITIES.map((known) => (
          <option key={known} value={known}>
            {modalityOf(known)}
          </option>
        ))}
      </select>
    </label>
  </>
);
