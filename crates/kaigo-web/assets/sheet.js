// Enhances the grid in which results are typed; the page is complete without it. No words here: they stand in the template.

/** Arrows move between the days and the lines, Enter goes on to the next day; Home and End to the ends of a line. */
function moveByArrows(table) {
  const rows = [...table.querySelectorAll("tr:has(td input)")].map((row) => [...row.querySelectorAll("td input")]);
  const place = new Map(rows.flatMap((row, y) => row.map((input, x) => [input, { x, y }])));
  table.addEventListener("keydown", (event) => {
    const at = place.get(event.target);
    if (!at || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = {
      ArrowLeft: [at.x - 1, at.y],
      ArrowRight: [at.x + 1, at.y],
      ArrowUp: [at.x, at.y - 1],
      ArrowDown: [at.x, at.y + 1],
      Enter: [at.x + 1, at.y],
      Home: [0, at.y],
      End: [rows[at.y].length - 1, at.y],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    const next = rows[to[1]]?.[to[0]];
    if (!next) return;
    next.focus();
    next.select();
  });
  // Whoever comes by Tab or by a click writes over what stands there.
  table.addEventListener("focusin", (event) => place.has(event.target) && event.target.select());
}

/** The sum of a line follows what is typed; so does its mark against the plan above. */
function followTyping(table) {
  for (const row of table.querySelectorAll("tr:has(td input)")) {
    const plan = row.previousElementSibling.querySelectorAll("td");
    const inputs = [...row.querySelectorAll("td input")];
    const follow = () => {
      let sum = 0;
      inputs.forEach((input, day) => {
        const typed = Number(half(input.value)) || 0;
        const planned = Number(plan[day].textContent) || 0;
        sum += typed;
        const mark = typed === planned ? "" : planned === 0 ? "added" : typed === 0 ? "cut" : "changed";
        if (mark) input.parentElement.dataset.mark = mark;
        else delete input.parentElement.dataset.mark;
      });
      row.lastElementChild.textContent = sum || "";
    };
    row.addEventListener("input", follow);
    for (const input of inputs) input.inputMode = "numeric";
  }
}

/** Digits as a Japanese keyboard may write them. */
function half(text) {
  return text.trim().replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0));
}

/** What was typed and not saved is not lost by a link. */
function warnUnsaved(form) {
  let isTyped = false;
  form.addEventListener("input", () => (isTyped = true));
  form.addEventListener("submit", () => (isTyped = false));
  addEventListener("beforeunload", (event) => isTyped && event.preventDefault());
}

const form = document.getElementById("entry");
if (form) {
  for (const table of form.querySelectorAll("table")) {
    moveByArrows(table);
    followTyping(table);
  }
  warnUnsaved(form);
  for (const words of form.querySelectorAll("[data-keys]")) words.hidden = false;
}
