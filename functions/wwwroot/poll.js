// Keeps a live page fresh. Only what differs changes: focus, open details and half-filled forms stay.
const main = document.querySelector("main"), filled = new WeakSet();
let tag = "";
main.addEventListener("input", ({ target }) => filled.add(target.form ?? target));

const isBusy = () => document.hidden || main.querySelector("input:focus, textarea:focus, select:focus") ||
  (!getSelection().isCollapsed && main.contains(getSelection().anchorNode));

const key = (node) => node.id || (/TR|LI/.test(node.nodeName) && node.querySelector("a")?.href);

const sync = (old, next) => {
  if (old.isEqualNode(next) || filled.has(old)) return;
  if (old.nodeType > 1) return void (old.nodeValue = next.nodeValue);
  for (const { name } of [...old.attributes, ...next.attributes]) {
    if (name === "open") continue;
    if (next.hasAttribute(name)) old.setAttribute(name, next.getAttribute(name));
    else old.removeAttribute(name);
  }
  const keyed = new Map([...old.children].map((child) => [key(child), child]));
  let at = old.firstChild;
  for (const child of [...next.childNodes]) {
    const id = key(child), mine = id ? keyed.get(id) : at && !key(at) && at;
    keyed.delete(id);
    if (mine?.nodeName !== child.nodeName) {
      old.insertBefore(child, at);
      continue;
    }
    if (mine === at) at = at.nextSibling;
    else old.insertBefore(mine, at);
    sync(mine, child);
  }
  while (at) [at] = [at.nextSibling, at.remove()];
};

const refresh = async () => {
  const address = new URL(location);
  address.searchParams.delete("done");
  const answer = await fetch(address, { headers: { "If-None-Match": tag }, cache: "no-store", redirect: "manual" });
  if (answer.type === "opaqueredirect") location.reload();
  if (!answer.ok) return answer.status !== 304;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html"), active = document.activeElement;
  if (isBusy()) return false;
  tag = answer.headers.get("ETag");
  sync(main, fresh.querySelector("main"));
  if (active.isConnected) active.focus({ preventScroll: true });
  if (document.title !== fresh.title) said.textContent = document.title = fresh.title;
};

for (;;) {
  await new Promise((done) => setTimeout(done, main.dataset.live));
  if (!isBusy()) document.body.classList.toggle("stale", await refresh().catch(() => true) ?? false);
}
