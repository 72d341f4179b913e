let main = document.querySelector("main"), filled = new WeakSet(), tag = "";
main.oninput = ({ target }) => target.type === "checkbox" || filled.add(target.form ?? target);
const isBusy = () => document.hidden || !getSelection().isCollapsed || main.querySelector(":is(input,textarea,select):focus:not([type=checkbox])");
const key = (node) => node.attributes?.id?.value || /TR|LI/.test(node.nodeName) && node.querySelector("a")?.href;

const sync = (old, next) => {
  if (old.isEqualNode(next) || filled.has(old)) return;
  if (old.nodeType > 1) return old.nodeValue = next.nodeValue;
  for (const { name } of [...old.attributes, ...next.attributes]) {
    const value = next.getAttribute(name);
    if (name !== "open") value === null ? old.removeAttribute(name) : old.setAttribute(name, value);
  }
  const keyed = new Map([...old.children].map((node) => [key(node), node]));
  let at = old.firstChild;
  for (const node of [...next.childNodes]) {
    const id = key(node), mine = id ? keyed.get(id) : at && !key(at) && at;
    keyed.delete(id);
    if (mine?.nodeName !== node.nodeName) old.insertBefore(node, at);
    else {
      if (mine === at) at = at.nextSibling;
      else old.insertBefore(mine, at);
      sync(mine, node);
    }
  }
  while (at) [at] = [at.nextSibling, at.remove()];
};

const refresh = async () => {
  const got = await fetch(location.href.replace(/.done=\w*/, ""), { headers: { "If-None-Match": tag } });
  if (got.redirected) location.reload();
  if (!got.ok) return got.status !== 304;
  const doc = new DOMParser().parseFromString(await got.text(), "text/html"), had = document.activeElement;
  if (isBusy()) return;
  tag = got.headers.get("ETag");
  sync(main, doc.querySelector("main"));
  if (had.isConnected) had.focus({ preventScroll: true });
  if (document.title !== doc.title) said.textContent = document.title = doc.title;
};

for (;;) {
  await new Promise((done) => setTimeout(done, main.dataset.live));
  if (!isBusy()) document.body.classList.toggle("stale", !!await refresh().catch(() => true));
}
