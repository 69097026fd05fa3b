// Of each button, field and row to be seen: is it large enough, whole, within the page, and under nothing else.
(leastPx) => {
  const found = new Set();
  const say = (control, what) => found.add(`${what}: ${control.outerHTML.slice(0, 140)}`);
  const isShown = (control) =>
    control.checkVisibility({ visibilityProperty: true, opacityProperty: true }) &&
    !control.closest("[inert], .unseen, .skip") &&
    getComputedStyle(control).display !== "inline"; // a link in a text
  /** Where a control can be seen: inside all that scrolls or cuts off around it. */
  const framesOf = (control) => {
    const frames = [];
    for (let outer = control.parentElement; outer; outer = outer.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(outer);
      if (overflowX !== "visible" || overflowY !== "visible") frames.push({ outer, overflowX, overflowY });
    }
    return frames;
  };
  const look = (control, box) => {
    let [top, bottom, scrolls, isWide] = [0, innerHeight, false, false]; // isWide: it lies in what scrolls aside
    for (const { outer, overflowX, overflowY } of framesOf(control)) {
      const frame = outer.getBoundingClientRect();
      isWide ||= ["auto", "scroll"].includes(overflowX) && outer.scrollWidth > outer.clientWidth;
      if (!isWide && (box.left < frame.left - 2 || box.right > frame.right + 2)) say(control, "cut off aside");
      scrolls ||= overflowY !== "hidden" && outer.scrollHeight > outer.clientHeight + 1;
      [top, bottom] = [Math.max(top, frame.top), Math.min(bottom, frame.bottom)];
    }
    if (!isWide && (box.left < -1 || box.right > innerWidth + 1)) say(control, "outside the page");
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    if (y < top + 2 || y > bottom - 2) {
      if (!scrolls) say(control, "cannot be scrolled into sight");
      return;
    }
    const over = document.elementFromPoint(x, y);
    if (over && !control.contains(over) && !over.contains(control))
      say(control, `under ${over.outerHTML.slice(0, 80)}`);
  };
  const kinds =
    "button, a, select, summary, textarea, input:not([type=hidden]), [role=slider], [role=button], [role=option]";
  const area = document.querySelector("dialog[open]") ?? document.body;
  const { scrollWidth } = document.documentElement;
  if (scrollWidth > innerWidth + 1) found.add(`the page is ${scrollWidth} px wide`);
  for (const control of [...area.querySelectorAll(kinds)].filter(isShown)) {
    const own = (control.matches("[type=checkbox], [type=radio]") && control.closest("label")) || control;
    const box = own.getBoundingClientRect();
    if (box.width < leastPx - 0.5 || box.height < leastPx - 0.5)
      say(own, `${Math.round(box.width)} x ${Math.round(box.height)} px`);
    if (control.matches("button, a.button") && control.scrollWidth > control.clientWidth + 2)
      say(control, "its words are cut off");
    look(own, box);
  }
  return [...found];
};
