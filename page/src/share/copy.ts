/** Copy a text; also where the browser gives no leave, as over plain http. false = it must be done by hand. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOld(text);
  }
}

function copyOld(text: string): boolean {
  const box = document.createElement("textarea");
  const before = document.activeElement as HTMLElement | null;
  box.value = text;
  box.className = "unseen";
  document.body.append(box);
  box.select();
  let done = false;
  try {
    done = document.execCommand("copy"); // old, but the only way without the permission
  } catch {
    done = false;
  }
  box.remove();
  before?.focus();
  return done;
}
