// What a page looks like in figures: for every width at once. An expression that gives four lists of words.
(() => {
  scrollTo(0, 0);
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && box.width > 1 && box.height > 1;
  };
  const named = (element) => {
    const name = element.id ? `#${element.id}` : `.${element.className}`;
    return `${element.localName}${name} "${element.textContent.trim().slice(0, 30)}"`;
  };
  const everything = [...document.body.querySelectorAll("*")].filter(shown);
  const room = document.documentElement.clientWidth;

  // Nothing wider than the screen, and nothing wider or higher than the box that would hide the rest of it.
  const cut = [];
  if (document.documentElement.scrollWidth > room) cut.push(`the page: ${document.documentElement.scrollWidth}`);
  for (const element of everything) {
    // What is wider than the screen may be moved about in a region that keys reach; a drawing has no boxes.
    if (element.matches(".skip") || element.closest("[role=region][tabindex='0'], svg")) continue;
    const { left, right } = element.getBoundingClientRect();
    if (left < -0.5 || right > room + 0.5) cut.push(`${named(element)} from ${left} to ${right} of ${room}`);
    const style = getComputedStyle(element);
    if (style.display === "inline" || element.matches("textarea, select, option, input, meter, progress")) continue;
    if (element.scrollWidth > element.clientWidth + 1) cut.push(`${named(element)} is ${element.scrollWidth} wide`);
    if (style.overflowY !== "visible" && element.scrollHeight > element.clientHeight + 1) {
      cut.push(`${named(element)} is ${element.scrollHeight} high`);
    }
  }

  // The order of the document is the order on the screen: downwards, and from the left within a row.
  const disorder = [];
  const read = "h1, h2, h3, h4, legend, label, input, select, textarea, button, summary, a, p, li, dt, dd";
  const lines = (element) =>
    getComputedStyle(element).display === "inline" ? [...element.getClientRects()] : [element.getBoundingClientRect()];
  const inOrder = everything.filter((element) => element.matches(read) && !element.matches(".skip"));
  for (const [index, after] of inOrder.entries()) {
    const before = inOrder.slice(0, index).findLast((other) => !other.contains(after));
    if (!before) continue;
    // Of a link that goes on in the next line, where it ends and where it begins.
    const one = lines(before).at(-1);
    const two = lines(after)[0];
    const below = two.top >= one.bottom - 2;
    // A numbered list may go on at the top of a second column.
    const column = after.matches("ol > li") && before.parentElement === after.parentElement;
    const beside = two.left >= one.right - 2 && (two.bottom > one.top || column);
    if (!below && !beside) disorder.push(`${named(after)} is shown before ${named(before)}`);
  }
  const jumps = [...document.querySelectorAll("[tabindex]")].filter((element) => element.tabIndex > 0);
  disorder.push(...jumps.map((element) => `${named(element)} has a tabindex of its own`));

  // What moves by itself or on a change.
  const moving = document.getAnimations().map(({ effect }) => named(effect.target));
  for (const element of everything) {
    for (const part of [null, "::before", "::after"]) {
      const { transitionDuration, animationName } = getComputedStyle(element, part);
      const still = transitionDuration.split(",").every((time) => parseFloat(time) === 0);
      if (!still || animationName !== "none") moving.push(named(element));
    }
  }
  if (getComputedStyle(document.documentElement).scrollBehavior !== "auto") moving.push("scrolling");
  return { cut, disorder, moving, looked: everything.length };
})()
