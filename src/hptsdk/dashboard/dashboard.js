// Replaces the content of the page when it has changed, and preserves the order and the filter of its table; shows new
// lines of the log; stops the tuning job when its button is clicked.
"use strict";
const content = document.querySelector("main"), log = document.querySelector("#log");
const [state, filter, stop] = ["#state", "#filter", "#stop"].map((id) => document.querySelector(id));
const MAX_LINES = 5000, SECONDS = 1, SECONDS_HIDDEN = 10;
let version = "", next = 0, column = -1, descending = false;

function address(query) {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

function key(row) {
  const cell = row.cells[column];
  return cell ? cell.dataset.value || cell.title || cell.textContent : "";
}

function compare(one, other) {
  const [a, b] = [key(one), key(other)];
  if (a === "" || b === "") return (a === "") - (b === ""); // missing values are last in both orders
  const difference = Number.isNaN(a - b) ? a.localeCompare(b) : a - b;
  return descending ? -difference : difference;
}

function arrange() {
  const table = content.querySelector("table");
  if (!table) return;
  const [head, ...rows] = table.rows, text = filter.value.toLowerCase();
  for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(text);
  if (column < 0) return;
  rows.sort(compare);
  table.tBodies[0].append(...rows);
  for (const cell of head.cells) cell.removeAttribute("aria-sort");
  head.cells[column]?.setAttribute("aria-sort", descending ? "descending" : "ascending");
}

content.addEventListener("click", (event) => {
  const head = event.target.closest("th");
  if (!head) return;
  descending = column === head.cellIndex && !descending;
  column = head.cellIndex;
  arrange();
});
filter.addEventListener("input", arrange);

stop?.addEventListener("click", async () => {
  if (!confirm("Stop the tuning job and its training jobs?")) return;
  const response = await fetch(address({ part: "stop" }), { method: "POST" });
  state.textContent = response.ok ? "" : `The tuning job could not be stopped. ${await response.text()}`;
});

async function refreshContent() {
  const response = await fetch(address({ part: "content" }), { headers: { "If-None-Match": version } });
  if (response.status === 304) return;
  version = response.headers.get("ETag") || "";
  content.innerHTML = await response.text();
  if (stop) stop.hidden = !content.querySelector(":scope > p.InProgress");
  arrange();
}

async function refreshLog() {
  const response = await fetch(address({ part: "log", after: next }));
  const received = await response.json();
  const atEnd = log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  for (const line of received.lines) log.append(line + "\n");
  while (log.childNodes.length > MAX_LINES) log.firstChild.remove();
  next = received.next;
  if (atEnd) log.scrollTop = log.scrollHeight;
}

async function refresh() {
  try {
    await refreshContent();
    if (log) await refreshLog();
    if (state.dataset.lost) state.textContent = state.dataset.lost = "";
  } catch {
    state.textContent = state.dataset.lost = "The dashboard does not respond. Start it again if it has ended.";
  }
  setTimeout(refresh, 1000 * (document.hidden ? SECONDS_HIDDEN : SECONDS));
}
refresh();
